using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Symbolon.Access;
using Symbolon.Authority.Accounts;
using Symbolon.Jose;
using Symbolon.Refresh;
using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>Makes the pair of tokens for a session: an access token, and a child of the confirmed refresh token.</summary>
internal sealed class TokenIssuer(KeyRing ring, RefreshTokenKeys keys, Clients clients, IOptions<AuthorityOptions> options)
{
    /// <summary>Issues.</summary>
    /// <param name="session">The session as it will be committed; its own era and epoch enter the token, never those in force [I10].</param>
    /// <param name="subject">The subject, read no later than <paramref name="account"/>.</param>
    /// <param name="account">The account: roles and the application's claims.</param>
    /// <param name="now">The store's clock.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="Ports.StoreUnavailableException">No key may sign now.</exception>
    public async ValueTask<IssuedTokens> IssueAsync(Session session, Subject? subject, Account account, DateTimeOffset now, CancellationToken ct) =>
        Issue(await ring.SigningAsync(ct), session, subject, account, now);

    /// <summary>Issues a client's own token (RFC 9068 §2.2: its subject is the client).</summary>
    /// <exception cref="Ports.StoreUnavailableException">No key may sign now.</exception>
    public async ValueTask<ClientToken> IssueToClientAsync(Client client, ClientGrant grant, int era, DateTimeOffset now, CancellationToken ct) =>
        IssueToClient(await ring.SigningAsync(ct), client, grant, era, now);

    private IssuedTokens Issue(SigningKey key, Session session, Subject? subject, Account account, DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[28];
        RandomNumberGenerator.Fill(random);
        var expiresAt = SessionLifetime.AccessTokenEnd(session, now, Lifetime(BinaryPrimitives.ReadUInt32BigEndian(random)));
        var child = new RefreshToken(session.Id, session.Generation + 1, BinaryPrimitives.ReadInt64BigEndian(random[4..]));
        var accessToken = Sign(key, Claims(session, subject, account, now, expiresAt, Base64Url.EncodeToString(random[12..])));
        return new IssuedTokens(accessToken, expiresAt, child.Write(session.Salt, keys), child.Generation, session, now);
    }

    private ClientToken IssueToClient(SigningKey key, Client client, ClientGrant grant, int era, DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[20];
        RandomNumberGenerator.Fill(random);
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + Lifetime(BinaryPrimitives.ReadUInt32BigEndian(random))).ToUnixTimeSeconds());
        var token = Sign(key, new AccessTokenClaims
        {
            Issuer = options.Value.Issuer,
            Subject = client.Id,
            Audience = grant.Audiences,
            ExpiresAt = expiresAt,
            IssuedAt = now,
            Id = Base64Url.EncodeToString(random[4..]),
            ClientId = client.Id,
            Scope = grant.Scope.Length == 0 ? null : grant.Scope,
            Era = era,
        });
        return new ClientToken(token, grant.Scope, now, expiresAt);
    }

    private AccessTokenClaims Claims(Session session, Subject? subject, Account account, DateTimeOffset now, DateTimeOffset expiresAt, string id) => new()
    {
        Issuer = options.Value.Issuer,
        Subject = session.Subject.Value,
        Audience = clients.Find(session.ClientId)?.Audiences ?? [options.Value.Audience],
        ExpiresAt = expiresAt,
        IssuedAt = now,
        Id = id,
        ClientId = session.ClientId,
        SessionId = session.Id.ToString(),
        AuthTime = session.AuthTime,
        Acr = session.Acr,
        Amr = session.Amr.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Roles = account.Roles,
        Scope = session.Scope.Length == 0 ? null : session.Scope,
        Era = session.Era,
        Epoch = session.Epoch,
        ClaimsVersion = subject?.ClaimsVersion ?? 0,
        ConfirmationThumbprint = session.ConfirmationThumbprint,
        Extra = account.Claims,
    };

    private static string Sign(SigningKey key, AccessTokenClaims claims) => AccessTokenIssuance.Issue(key, claims) switch
    {
        AccessTokenIssuing.Issued issued => issued.Token,
        AccessTokenIssuing.TooLarge large => throw new InvalidOperationException(
            $"The access token would be {large.Length} bytes long, more than {AccessTokenIssuance.MaxLength}. Its largest claims: "
            + string.Join(", ", large.Largest.Select(claim => $"{claim.Name} ({claim.Bytes} bytes)")) + "."),
        AccessTokenIssuing.Reserved reserved => throw new InvalidOperationException(
            $"The application's claims use names that are taken: {string.Join(", ", reserved.Names)}."),
        var other => throw new InvalidOperationException($"{other} is not known here."),
    };

    // Shortened by a random share, so that tokens that were issued together do not expire together.
    private TimeSpan Lifetime(uint random) =>
        options.Value.AccessToken.Lifetime * (1 - (options.Value.AccessToken.Jitter * random / uint.MaxValue));
}
