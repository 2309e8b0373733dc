using System.Buffers.Text;
using System.Text;
using Symbolon.Access;
using Symbolon.Bench.Tokens;
using Symbolon.Jose;
using Symbolon.Revocation;

namespace Symbolon.Bench.Verify;

/// <summary>Tokens that somebody made to be expensive to refuse: as large as is read, wrong as late as possible.</summary>
internal static class WorstTokens
{
    private const string Header = """{"alg":"ES256","kid":"bench-1","typ":"at+jwt"}""";

    public static IReadOnlyList<Contender> Of(VerifyPeers peers)
    {
        var verifier = new AccessTokenVerifier(peers.Keys, peers.Policy, 1024);
        var signature = Encode(new byte[64].Select((_, i) => (byte)(i + 1)).ToArray());
        var filling = new string('A', Jws.MaxLength);
        var members = string.Concat(Enumerable.Range(0, 5_000).TakeWhile(i => i < 850).Select(i => $",\"{i:x}\":0"));
        (string Name, string Token)[] tokens =
        [
            ("10 MB of letters", new string('A', 10_000_000)),
            ("8 KiB without a dot", filling),
            ("8 KiB of dots", new string('.', Jws.MaxLength)),
            ("8 KiB that are not ASCII", new string('é', Jws.MaxLength)),
            ("8 KiB, stray bits at the end", $"{Encode(Header)}.{filling[..7_900]}.{signature[..^1]}x"),
            ("header of 1 KiB, its last member twice", $"{Encode(Header[..^1] + Members(960) + ",\"alg\":\"ES256\"}")}.e30.{signature}"),
            ("header of 1 KiB in escapes", $"{Encode(Header[..^1] + ",\"" + string.Concat(Enumerable.Repeat("\\u0061", 155)) + "\":0}")}.e30.{signature}"),
            ("header of 1 KiB, many members, unknown key", $"{Encode(Header.Replace("bench", "other", StringComparison.Ordinal)[..^1] + Members(960) + "}")}.e30.{signature}"),
            ("8 KiB, wrong signature", $"{Encode(Header)}.{filling[..8_000]}.{signature}"),
            ("8 KiB, wrong signature, header of 1 KiB", $"{Encode(Header[..^1] + Members(960) + "}")}.{filling[..6_700]}.{signature}"),
            ("signed, 6 KB of members, the last twice", Signed(peers, "{\"0\":1" + Members(5_400) + ",\"0\":1}")),
            ("signed, 6 KB of members, no issuer", Signed(peers, "{\"x\":1" + Members(5_400) + "}")),
            ("signed, 6 KB of nesting", Signed(peers, "{\"x\":" + new string('[', 2_700) + new string(']', 2_700) + "}")),
            ("signed, 6 KB of escapes", Signed(peers, "{\"x\":\"" + string.Concat(Enumerable.Repeat("\\ud83d\\ude00", 470)) + "\"}")),
            ("signed, 2,600 roles, no issuer", Signed(peers, "{\"roles\":[\"\"" + string.Concat(Enumerable.Repeat(",\"\"", 1_850)) + "]}")),
            ("signed, deep numbers", Signed(peers, "{\"exp\":1" + new string('0', 5_400) + "}")),
        ];
        return [.. tokens.Select(token => new Contender(token.Name, () => TokenPeers.Require(!verifier.Verify(token.Token, Denylist.Empty, TokenPeers.Now).IsAccepted)))];

        string Members(int length) => members[..members.LastIndexOf(',', Math.Min(length, members.Length - 1))];
    }

    private static string Signed(VerifyPeers peers, string payload) => Jws.Sign(peers.SigningKey, Encoding.UTF8.GetBytes(payload));

    private static string Encode(string json) => Encode(Encoding.UTF8.GetBytes(json));

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
