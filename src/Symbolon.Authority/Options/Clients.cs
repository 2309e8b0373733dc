using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Symbolon.Refresh;

namespace Symbolon.Authority;

/// <summary>The clients in the configuration, ready to be asked for.</summary>
internal sealed class Clients
{
    private const string BuiltIn = "web";
    private static readonly RefreshPolicy Nobody = new() { IsConfidential = true, Overlap = TimeSpan.Zero };
    private readonly FrozenDictionary<string, Client> byId;

    public Clients(IOptions<AuthorityOptions> options)
    {
        var o = options.Value;
        var listed = o.Clients.Any(client => client.Id == BuiltIn) ? o.Clients : o.Clients.Prepend(new ClientOptions { Id = BuiltIn });
        byId = listed.Select(client => new Client(client, o)).ToFrozenDictionary(client => client.Id, StringComparer.Ordinal);
        Default = byId[o.DefaultClient];
    }

    public Client Default { get; }

    public Client? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>The rules for a session's client. A client that was taken out of the configuration is served nothing, and its sessions stay untouched.</summary>
    public RefreshPolicy PolicyOf(string id) => Find(id)?.Refresh ?? Nobody;
}

/// <summary>One client.</summary>
internal sealed class Client
{
    /// <summary>The scope of services that follow the revocation log and introspect. Never a session's: only a token for the authority itself carries it.</summary>
    public const string VerifierScope = "revocations";

    private readonly byte[]? secretHash;
    private readonly FrozenSet<string> scopes;
    private readonly string issuer;

    public Client(ClientOptions client, AuthorityOptions authority)
    {
        Id = client.Id;
        (issuer, scopes) = (authority.Issuer, client.Scopes.ToFrozenSet(StringComparer.Ordinal));
        Scope = string.Join(' ', client.Scopes.Where(scope => scope != VerifierScope).Distinct());
        Audiences = client.Audiences.Count > 0 ? [.. client.Audiences] : [authority.Audience];
        secretHash = client.SecretHash is { } hex ? Convert.FromHexString(hex) : client.Secret is { } secret ? Hash(secret) : null;
        Refresh = new RefreshPolicy
        {
            Overlap = (client.Overlap ?? authority.Refresh.Overlap).Value,
            Settle = authority.Refresh.Settle,
            AttemptsRequired = client.Attempts == AttemptRule.Required,
            IsConfidential = secretHash is not null,
        };
    }

    public string Id { get; }

    /// <summary>What its sessions carry.</summary>
    public string Scope { get; }

    public IReadOnlyList<string> Audiences { get; }

    public RefreshPolicy Refresh { get; }

    public bool IsConfidential => secretHash is not null;

    /// <summary>Whether it may follow the revocation log and introspect.</summary>
    public bool IsVerifier => IsConfidential && scopes.Contains(VerifierScope);

    /// <summary>Whether it may have all of these scopes (RFC 6749 §3.3).</summary>
    public bool Has(string? scope) => scope is null || scope.Split(' ').All(scopes.Contains);

    /// <summary>What a token of its own carries; null when it may not have what it asks for.</summary>
    /// <param name="asked">Scopes with one space between; null for all but <see cref="VerifierScope"/>.</param>
    public ClientGrant? Grant(string? asked)
    {
        if (asked is null) return Scope.Length == 0 && IsVerifier ? null : new ClientGrant(Scope, Audiences); // a verifier needs no token for others' APIs
        var names = asked.Split(' ');
        if (names.Length > scopes.Count || !names.All(scopes.Contains) || names.Distinct(StringComparer.Ordinal).Count() < names.Length) return null;
        return asked == VerifierScope ? new ClientGrant(asked, [issuer])
            : names.Contains(VerifierScope, StringComparer.Ordinal) ? null
            : new ClientGrant(asked, Audiences);
    }

    /// <summary>Whether the secret is the client's; a client without one has none to give.</summary>
    public bool Accepts(string? secret) =>
        secretHash is null ? secret is null : secret is not null && CryptographicOperations.FixedTimeEquals(Hash(secret), secretHash);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>What a client's own token carries.</summary>
/// <param name="Scope">Its scopes, perhaps none.</param>
/// <param name="Audiences">For whom it is.</param>
internal sealed record ClientGrant(string Scope, IReadOnlyList<string> Audiences);
