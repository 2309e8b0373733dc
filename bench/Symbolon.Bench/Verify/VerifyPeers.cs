using System.Buffers.Text;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Symbolon.Access;
using Symbolon.Bench.Tokens;
using Symbolon.Jose;
using Symbolon.Keys;
using Symbolon.Revocation;
using Symbolon.Sessions;

namespace Symbolon.Bench.Verify;

/// <summary>Live tokens in a mixed order, to a verifier that knows them, to one that does not, and to others.</summary>
/// <remarks>Each is presented as a new string that was made from bytes a moment before, as a server makes it from what it received. Making them is not measured.</remarks>
internal sealed class VerifyPeers
{
    private const int LiveTokens = 10_000, Batch = 64, Roomy = 65_536; // sets fill unevenly
    private readonly KeyPair keys = KeyPair.Make(JwsAlgorithm.ES256);
    private readonly VerificationKeys known;
    private readonly string[] issued;
    private readonly byte[][] received;
    private readonly AccessTokenVerifier remembering;
    private readonly string[] presented = new string[Batch];
    private int at, next;

    public VerifyPeers()
    {
        known = new VerificationKeys([keys.Ours.VerificationKey]);
        issued = [.. Enumerable.Range(0, LiveTokens).Select(_ => ((AccessTokenIssuing.Issued)AccessTokenIssuance.Issue(keys.Ours, TokenPeers.Claims())).Token)];
        received = [.. issued.Select(Encoding.ASCII.GetBytes)];
        new Random(1).Shuffle(received);
        remembering = Remembering();
    }

    public AccessTokenPolicy Policy { get; } = new() { Issuer = TokenPeers.Claims().Issuer, Audiences = TokenPeers.Claims().Audience };

    public VerificationKeys Keys => known;

    public SigningKey SigningKey => keys.Ours;

    public double MeanLength => issued.Average(token => token.Length);

    /// <summary>The hit path, with the revocation check.</summary>
    public Contender Hit(string name, Denylist denylist, int distinct = LiveTokens)
    {
        return new(name, () => TokenPeers.Require(remembering.Verify(Next(), denylist, TokenPeers.Now).IsAccepted), () => Receive(distinct), Batch);
    }

    /// <summary>A bare dictionary keyed by the token.</summary>
    public Contender Dictionary()
    {
        var tokens = issued.ToDictionary(token => token, token => (object)token, StringComparer.Ordinal);
        return new("a bare dictionary", () => TokenPeers.Require(tokens.TryGetValue(Next(), out _)), () => Receive(LiveTokens), Batch);
    }

    /// <summary>A verifier whose memory is always full of other tokens.</summary>
    public Contender FirstSight()
    {
        var verifier = new AccessTokenVerifier(known, Policy, 8);
        return new("first sight", () => TokenPeers.Require(verifier.Verify(Next(), Denylist.Empty, TokenPeers.Now).IsAccepted), () => Receive(LiveTokens), Batch);
    }

    public Contender EcdsaAlone()
    {
        var parts = issued.Select(token => token.LastIndexOf('.') is var dot ? (Data: Encoding.ASCII.GetBytes(token[..dot]), Signature: Base64Url.DecodeFromChars(token.AsSpan(dot + 1))) : default).ToArray();
        return new("ECDSA alone", () =>
        {
            var (data, signature) = parts[at = (at + 1) % LiveTokens];
            TokenPeers.Require(keys.VerifyAlone(data, signature));
        });
    }

    public Contender JsonWebTokenHandler()
    {
        var handler = new JsonWebTokenHandler();
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = Policy.Issuer, ValidAudience = Policy.Audiences[0], ValidTypes = ["at+jwt"], ValidAlgorithms = ["ES256"], IssuerSigningKey = keys.Theirs,
        };
        return new("JsonWebTokenHandler", () => TokenPeers.Require(handler.ValidateTokenAsync(Next(), parameters).GetAwaiter().GetResult().IsValid), () => Receive(LiveTokens), Batch);
    }

    /// <summary>Bytes that one more remembered token keeps, with its claims; its place in the table comes on top.</summary>
    public (double PerToken, double PerPlace) RememberedBytes()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var verifier = new AccessTokenVerifier(known, Policy, Roomy);
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var token in issued) verifier.Verify(token, Denylist.Empty, TokenPeers.Now);
        var full = GC.GetTotalMemory(forceFullCollection: true);
        var remembered = AllocationOfHits(verifier) == 0 ? LiveTokens : throw new InvalidOperationException("A hit allocates.");
        return ((double)(full - empty) / remembered, (empty - before) / Roomy);
    }

    /// <summary>Ended sessions, and some of every other kind that a token is looked up by.</summary>
    public static Denylist Revoked(int entries)
    {
        var all = Denylist.Empty;
        foreach (var page in Enumerable.Range(0, entries).Chunk(RevocationJson.MaxEntries)) all = all.With(page.Select(Entry));
        return all.Count == entries ? all : throw new InvalidOperationException($"{all.Count} of {entries} entries.");
    }

    private static RevocationEntry Entry(int i) => (i % 20) switch
    {
        0 => RevocationEntry.OfSubject(new SubjectId(Guid.CreateVersion7().ToString()), 1, EndReason.AllEnded, TokenPeers.Now),
        1 => RevocationEntry.OfClaims(new SubjectId(Guid.CreateVersion7().ToString()), 1, TokenPeers.Now),
        2 or 3 => RevocationEntry.OfToken(TokenPeers.Claims().Id, TokenPeers.Now),
        _ => RevocationEntry.OfSession(new SessionId(Guid.CreateVersion7()), EndReason.Logout, TokenPeers.Now),
    };

    private AccessTokenVerifier Remembering()
    {
        var verifier = new AccessTokenVerifier(known, Policy, Roomy);
        foreach (var token in issued) verifier.Verify(token, Denylist.Empty, TokenPeers.Now);
        AllocationOfHits(verifier);
        return AllocationOfHits(verifier) == 0 ? verifier : throw new InvalidOperationException("Some tokens were not remembered.");
    }

    private long AllocationOfHits(AccessTokenVerifier verifier)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var token in issued) TokenPeers.Require(verifier.Verify(token, Denylist.Empty, TokenPeers.Now).IsAccepted);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void Receive(int distinct)
    {
        for (var i = 0; i < Batch; i++) presented[i] = Encoding.ASCII.GetString(received[at = (at + 1) % distinct]);
        next = 0;
    }

    private string Next() => presented[next++];
}
