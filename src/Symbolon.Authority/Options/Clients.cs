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
    private readonly byte[]? secretHash;

    public Client(ClientOptions client, AuthorityOptions authority)
    {
        Id = client.Id;
        Scope = string.Join(' ', client.Scopes);
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

    public string Scope { get; }

    public IReadOnlyList<string> Audiences { get; }

    public RefreshPolicy Refresh { get; }

    /// <summary>Whether the secret is the client's; a client without one has none to give.</summary>
    public bool Accepts(string? secret) =>
        secretHash is null ? secret is null : secret is not null && CryptographicOperations.FixedTimeEquals(Hash(secret), secretHash);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
