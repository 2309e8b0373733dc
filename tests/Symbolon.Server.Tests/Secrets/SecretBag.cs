using System.Text;

namespace Symbolon.Server.Secrets;

/// <summary>Every secret that was sent or handed out, in the forms in which it could be written down.</summary>
internal sealed class SecretBag
{
    // Anything shorter would be found by chance.
    private const int ShortestText = 8, RefreshTail = 40;

    private readonly Dictionary<string, (string Name, byte[] Bytes)> secrets = [];

    public int Count => secrets.Count;

    /// <summary>A password, a client's secret, an attempt id, a cookie.</summary>
    public string Add(string name, string secret)
    {
        Assert.True(secret.Length >= ShortestText, $"{name} is too short to be searched for");
        secrets.TryAdd(secret, (name, Encoding.UTF8.GetBytes(secret)));
        return secret;
    }

    /// <summary>A refresh token: whole, and the part that makes it one.</summary>
    public void AddRefreshToken(string token)
    {
        Add("a refresh token", token);
        Add("a refresh token's end", token[^RefreshTail..]);
    }

    /// <summary>An access token: whole, and its signature.</summary>
    public void AddAccessToken(string token)
    {
        Add("an access token", token);
        Add("an access token's signature", token[(token.LastIndexOf('.') + 1)..]);
    }

    /// <summary>A key: its bytes, and as text.</summary>
    public void AddKey(string name, byte[] key)
    {
        secrets.TryAdd(Convert.ToHexString(key), ($"{name} (bytes)", key));
        Add($"{name} (base64)", Convert.ToBase64String(key).TrimEnd('='));
        Add($"{name} (hexadecimal)", Convert.ToHexStringLower(key));
    }

    /// <summary>Which of them stand in a text or a file.</summary>
    public IReadOnlyList<string> FoundIn(ReadOnlySpan<byte> place)
    {
        var found = new List<string>();
        foreach (var (name, bytes) in secrets.Values)
            if (place.IndexOf(bytes) >= 0) found.Add(name);
        return found;
    }

    /// <summary>The same for a text.</summary>
    public IReadOnlyList<string> FoundIn(string place) => FoundIn(Encoding.UTF8.GetBytes(place));
}
