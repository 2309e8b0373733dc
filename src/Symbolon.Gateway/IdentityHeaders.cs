using System.Buffers;
using System.Text;
using Symbolon.Access;

namespace Symbolon.Gateway;

/// <summary>What the service behind the proxy learns: four headers, always all of them, so that whatever a client sent under these names is overwritten.</summary>
/// <remarks>
/// Values are percent-encoded where they need it: what is not visible ASCII, and <c>% , ; " \</c>. Roles are joined by commas, scopes by spaces, after encoding.
/// Any percent-decoder undoes it, one for each name.
/// </remarks>
internal static class IdentityHeaders
{
    public const string Subject = "X-Auth-Subject";
    public const string Session = "X-Auth-Session";
    public const string Roles = "X-Auth-Roles";
    public const string Scopes = "X-Auth-Scopes";

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Except("%,;\"\\")]);

    /// <summary>Nobody: a public path.</summary>
    public static void SetNobody(IHeaderDictionary headers) => Set(headers, "", "", "", "");

    /// <summary>The holder of a token.</summary>
    public static void Set(IHeaderDictionary headers, AccessTokenClaims claims, IReadOnlyList<string> roles) => Set(
        headers, Encode(claims.Subject), Encode(claims.SessionId ?? ""), Join(',', roles), Join(' ', (claims.Scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>Encodes one name or id.</summary>
    public static string Encode(string value)
    {
        if (!value.AsSpan().ContainsAnyExcept(Plain)) return value;
        var text = new StringBuilder(value.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.IsAscii && Plain.Contains((char)rune.Value)) text.Append((char)rune.Value);
            else foreach (var one in bytes[..rune.EncodeToUtf8(bytes)]) text.Append('%').Append(Convert.ToHexString([one]));
        }

        return text.ToString();
    }

    private static string Join(char separator, IReadOnlyList<string> names) => names.Count switch
    {
        0 => "",
        1 => Encode(names[0]),
        _ => string.Join(separator, names.Select(Encode)),
    };

    private static void Set(IHeaderDictionary headers, string subject, string session, string roles, string scopes)
    {
        headers[Subject] = subject;
        headers[Session] = session;
        headers[Roles] = roles;
        headers[Scopes] = scopes;
    }
}
