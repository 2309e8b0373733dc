namespace Symbolon.Client;

/// <summary>Where and how <see cref="FileTokenStore"/> keeps its files.</summary>
public sealed class FileTokenStoreOptions
{
    /// <summary>The folder. Default: one for this program and user, below the user's local application data. It is made with mode 0700; a folder that others may write to is refused.</summary>
    public string Directory { get; set; } = DefaultDirectory();

    /// <summary>Encrypts what is written, such as with ASP.NET Core's data protection or Windows' DPAPI. Without one the files are protected by their permissions alone.</summary>
    public Func<byte[], byte[]>? Protect { get; set; }

    /// <summary>Reverses <see cref="Protect"/>. Both or neither.</summary>
    public Func<byte[], byte[]>? Unprotect { get; set; }

    // A user without a home has no place of his own: then one must be named.
    private static string DefaultDirectory() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home
            ? Path.Combine(home, AppDomain.CurrentDomain.FriendlyName, "symbolon") : "";
}
