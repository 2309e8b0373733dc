using System.Net.Http.Headers;
using System.Text;

namespace Symbolon.AspNetCore.Remote;

/// <summary>This verifier's own access token for the feed, by <c>client_credentials</c> (RFC 6749 §4.4): kept until shortly before it expires.</summary>
internal sealed class ClientToken(VerifierCredential credential, RemoteHttp http, TimeProvider time) : IDisposable
{
    private const int MaxLength = 64 * 1024;
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(3), NotAgainWithin = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim asking = new(1);
    private volatile Held? held;
    private (string Message, long At)? failed;

    /// <summary>The token.</summary>
    /// <exception cref="RemoteException">There is none; the message says why, without the secret.</exception>
    public async Task<string> GetAsync(CancellationToken ct)
    {
        if (held is { } valid && IsFresh(valid)) return valid.Token;
        await asking.WaitAsync(ct);
        try
        {
            if (held is { } newer && IsFresh(newer)) return newer.Token;
            if (failed is { } last && time.GetElapsedTime(last.At) < NotAgainWithin) throw new RemoteException(last.Message);
            held = await AskAsync(ct);
            failed = null;
            return held.Token;
        }
        catch (RemoteException e)
        {
            failed ??= (e.Message, time.GetTimestamp());
            if (time.GetElapsedTime(failed.Value.At) >= NotAgainWithin) failed = (e.Message, time.GetTimestamp());
            throw;
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>The authority refused this token: another is asked for, but not when this one is new.</summary>
    /// <returns>Whether trying again may help.</returns>
    public bool Refuse(string token)
    {
        if (held is not { } known || known.Token != token) return true;
        if (time.GetElapsedTime(known.AskedAt) < NotAgainWithin) return false;
        held = null;
        return true;
    }

    /// <summary>The credential as a header; both parts are form-urlencoded (RFC 6749 §2.3.1).</summary>
    public static AuthenticationHeaderValue Basic(VerifierCredential credential) => new(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(credential.ClientId)}:{Uri.EscapeDataString(credential.Secret)}")));

    public void Dispose() => asking.Dispose();

    private bool IsFresh(Held token) => time.GetElapsedTime(token.AskedAt) < token.Use;

    private async Task<Held> AskAsync(CancellationToken ct)
    {
        var askedAt = time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, credential.TokenEndpoint);
        request.Headers.Authorization = Basic(credential);
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials"), KeyValuePair.Create("scope", "revocations")]);
        var answer = await http.AskAsync(request, MaxLength, AnswersWithin, ct);
        if (answer.Status is 400 or 401 or 403)
        {
            throw new RemoteException(
                $"{credential.TokenEndpoint} gives the client '{credential.ClientId}' no token ({answer.Status}). Check its id and secret, and that its scopes at the authority include 'revocations'.");
        }

        if (answer.Status != 200) throw new RemoteException($"{credential.TokenEndpoint} answered {answer.Status}.");
        return Read(answer.Body, askedAt) ?? throw new RemoteException($"{credential.TokenEndpoint} answered something else than a token response.");
    }

    private static Held? Read(byte[] body, long askedAt)
    {
        using var json = RemoteJson.Object(body);
        if (json?.RootElement is not { } root || root.Text("access_token") is not { Length: > 0 } token || token.Any(c => c is <= ' ' or > '~')) return null;
        var life = TimeSpan.FromSeconds(Math.Min(root.Number("expires_in") ?? 60, 86_400));
        return new Held(token, askedAt, life * 0.8);
    }

    private sealed record Held(string Token, long AskedAt, TimeSpan Use)
    {
        public override string ToString() => "A client token"; // never the token itself
    }
}
