using Microsoft.Extensions.Options;
using Symbolon.Keys;

namespace Symbolon.Authority;

/// <summary>Reads the master keys from the configuration and from files.</summary>
internal static class MasterKeyLoading
{
    // 32 bytes in base64 are 44 characters; anything much larger is not a key file.
    private const int LargestFile = 4096;

    /// <summary>Loads them.</summary>
    /// <exception cref="OptionsValidationException">A key cannot be read; the message names the setting, never the key.</exception>
    public static MasterKeys Load(AuthorityOptions options) =>
        new([.. options.MasterKeys.Select((key, i) => ((byte)key.Id, Decode(i, string.IsNullOrEmpty(key.Value) ? ReadFile(i, key.File!) : key.Value)))]);

    private static string ReadFile(int index, string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestFile ? File.ReadAllText(path) : throw Wrong(index, $"the file '{path}' is too large to be a key");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(index, $"the file '{path}' cannot be read: {e.Message}");
        }
    }

    private static byte[] Decode(int index, string text)
    {
        var bytes = new byte[MasterKeys.Size + 1];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == MasterKeys.Size
            ? bytes[..length]
            : throw Wrong(index, "it is not 32 bytes in base64; make one with `openssl rand -base64 32`");
    }

    private static OptionsValidationException Wrong(int index, string what) =>
        new(AuthorityOptions.Section, typeof(AuthorityOptions), [$"Symbolon:MasterKeys:{index}: {what}."]);
}
