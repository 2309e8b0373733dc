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

    private static string DefaultDirectory() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), AppDomain.CurrentDomain.FriendlyName, "symbolon");
}
