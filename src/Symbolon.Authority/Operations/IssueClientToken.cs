using Symbolon.Authority.Ports;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Gives a confidential client a token of its own (RFC 6749 §4.4): no session, no refresh token.</summary>
internal sealed class IssueClientToken(ISubjectStore subjects, TokenIssuer issuer, AuthorityTelemetry telemetry)
{
    /// <summary>Issues.</summary>
    /// <param name="client">The client, authenticated.</param>
    /// <param name="scope">What it asks for; null for all that it may have beside <see cref="Client.VerifierScope"/>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ClientTokenOutcome> RunAsync(Client client, string? scope, CancellationToken ct)
    {
        using var span = AuthorityTelemetry.Span("symbolon.client_token");
        if (!client.IsConfidential) return ClientTokenOutcome.Public;
        if (client.Grant(scope) is not { } grant) return ClientTokenOutcome.ScopeRefused;

        // The era is read before the token is made: everyone's end in between covers it.
        var facts = await subjects.FindAsync(new SubjectId(client.Id), ct);
        if (facts.Subject is not null) return ClientTokenOutcome.NamesAnAccount;
        var token = await issuer.IssueToClientAsync(client, grant, facts.Era, facts.Now, ct);
        telemetry.ClientTokenIssued(client.Id, token.Scope);
        return new ClientTokenOutcome.Issued(token);
    }
}

/// <summary>What came of asking for a client's own token.</summary>
internal abstract record ClientTokenOutcome
{
    private ClientTokenOutcome()
    {
    }

    /// <summary>The client has no secret, so anybody could ask in its name.</summary>
    public static ClientTokenOutcome Public { get; } = new Refused("unauthorized_client", "This client is public. Give it a secret to use client_credentials.");

    /// <summary>Its id is also an account's: services could not tell them apart (RFC 9068 §5).</summary>
    public static ClientTokenOutcome NamesAnAccount { get; } = new Refused("unauthorized_client", "The client's id is the id of an account. Give the client another id.");

    /// <summary>Not within its configuration.</summary>
    public static ClientTokenOutcome ScopeRefused { get; } = new Refused(
        "invalid_scope", $"Ask for scopes of this client's configuration, each once, with one space between; {Client.VerifierScope} stands alone.");

    /// <summary>Here it is.</summary>
    public sealed record Issued(ClientToken Token) : ClientTokenOutcome;

    /// <summary>No token.</summary>
    /// <param name="Error">As RFC 6749 §5.2 has it; also our code.</param>
    /// <param name="Why">What to do.</param>
    public sealed record Refused(string Error, string Why) : ClientTokenOutcome;
}

/// <summary>A client's own access token.</summary>
/// <param name="AccessToken">The token.</param>
/// <param name="Scope">What it carries.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="ExpiresAt">When it expires.</param>
internal sealed record ClientToken(string AccessToken, string Scope, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Shows no token: records are printed into logs.</summary>
    public override string ToString() => nameof(ClientToken);
}
