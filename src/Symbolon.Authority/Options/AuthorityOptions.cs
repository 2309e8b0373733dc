using Symbolon.Jose;

namespace Symbolon.Authority;

/// <summary>How the authority works; the section <c>Symbolon</c> of the configuration. Checked at start.</summary>
public sealed class AuthorityOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Symbolon";

    /// <summary>The issuer: the address clients reach the authority at. https, or http on a loopback host.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The audience of access tokens, where a client has none of its own. Default <c>api</c>.</summary>
    public string Audience { get; set; } = "api";

    /// <summary>The client of a log-in that names none. Default <c>web</c>, which exists without being listed.</summary>
    public string DefaultClient { get; set; } = "web";

    /// <summary>The master keys; the first is active.</summary>
    public IList<MasterKeyOptions> MasterKeys { get; } = [];

    /// <summary>Access tokens.</summary>
    public AccessTokenOptions AccessToken { get; } = new();

    /// <summary>Refresh tokens, where a client has no rules of its own.</summary>
    public RefreshOptions Refresh { get; } = new();

    /// <summary>Sessions.</summary>
    public SessionOptions Session { get; } = new();

    /// <summary>Accounts.</summary>
    public AccountOptions Accounts { get; } = new();

    /// <summary>Signing keys.</summary>
    public SigningKeyOptions SigningKeys { get; } = new();

    /// <summary>How long things are kept.</summary>
    public RetentionOptions Retention { get; } = new();

    /// <summary>The feed of the revocation log.</summary>
    public FeedOptions Feed { get; } = new();

    /// <summary>Which other origins may call from a browser.</summary>
    public CorsOptions Cors { get; } = new();

    /// <summary>The clients.</summary>
    public IList<ClientOptions> Clients { get; } = [];
}

/// <summary>One master key: 32 bytes in base64, as a value or in a file.</summary>
public sealed class MasterKeyOptions
{
    /// <summary>0 to 255; stands in each refresh token that it makes. Never give an id to another key.</summary>
    public int Id { get; set; } = -1;

    /// <summary>The key: 32 bytes in base64.</summary>
    public string? Value { get; set; }

    /// <summary>A file that holds the key in base64.</summary>
    public string? File { get; set; }
}

/// <summary>Access tokens.</summary>
public sealed class AccessTokenOptions
{
    /// <summary>Longest life; 30 seconds to 1 hour. Default 10 minutes.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A life is shortened by a random share of up to this, so that fleets do not refresh in step; 0 to 0.5. Default 0.05.</summary>
    public double Jitter { get; set; } = 0.05;

    /// <summary>The algorithm of new signing keys. Default ES256.</summary>
    public JwsAlgorithm Algorithm { get; set; } = JwsAlgorithm.ES256;
}

/// <summary>Refresh tokens.</summary>
public sealed class RefreshOptions
{
    /// <summary>How long the confirmed token may come again: 0 to 24 hours, or <c>UntilUsed</c>. Default 10 minutes.</summary>
    public Overlap Overlap { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a retired token is answered "ask again"; up to 60 seconds. Default 10 seconds.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Sessions.</summary>
public sealed class SessionOptions
{
    /// <summary>Longest time without a refresh. Default 14 days.</summary>
    public TimeSpan Inactivity { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Longest life. Default 90 days.</summary>
    public TimeSpan Absolute { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Longest life of a session with <c>remember: false</c>. Default 12 hours.</summary>
    public TimeSpan AbsoluteWhenNotRemembered { get; set; } = TimeSpan.FromHours(12);

    /// <summary>The most live sessions of one subject; 1 to 1000. Default 100.</summary>
    public int Limit { get; set; } = 100;

    /// <summary>The most streams of session events at once, of all sessions; 1 to 100,000. Default 10,000.</summary>
    public int Streams { get; set; } = 10_000;
}

/// <summary>Accounts and log-in.</summary>
public sealed class AccountOptions
{
    /// <summary>Registration logs in at once. Default true.</summary>
    public bool LoginOnRegister { get; set; } = true;

    /// <summary>Failed attempts for one name from one address prefix before it must wait; ten times as many for the name from anywhere. Default 10.</summary>
    public int MaxFailures { get; set; } = 10;

    /// <summary>How long attempts are counted together, and so the longest wait. Default 15 minutes.</summary>
    public TimeSpan LockFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Log-ins of one address in a minute. Default 300.</summary>
    public int LoginsPerMinute { get; set; } = 300;

    /// <summary>Registrations of one address in a minute. Default 60.</summary>
    public int RegistrationsPerMinute { get; set; } = 60;

    /// <summary>Password hashes computed at once; 0 for half of the processors. More wait in a queue.</summary>
    public int ConcurrentHashes { get; set; }

    /// <summary>Password hashes that may wait; one more is answered 503. Default 100.</summary>
    public int QueuedHashes { get; set; } = 100;
}

/// <summary>Signing keys.</summary>
public sealed class SigningKeyOptions
{
    /// <summary>How long a key signs before the next is made. Default 90 days.</summary>
    public TimeSpan SignFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How often a server looks for keys that another server or the command line has made. Default 5 seconds.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>How long things are kept.</summary>
public sealed class RetentionOptions
{
    /// <summary>Ended sessions. Default 30 days.</summary>
    public TimeSpan EndedSessions { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Events. Default 90 days.</summary>
    public TimeSpan Events { get; set; } = TimeSpan.FromDays(90);
}

/// <summary>The feed of the revocation log.</summary>
public sealed class FeedOptions
{
    /// <summary>The most streams at once; 1 to 100,000. Default 1000.</summary>
    public int Streams { get; set; } = 1000;
}

/// <summary>Which other origins may call from a browser.</summary>
public sealed class CorsOptions
{
    /// <summary>Origins such as <c>https://app.example</c>, with their credentials. Default none; never a wildcard.</summary>
    public IList<string> Origins { get; } = [];
}

/// <summary>One client.</summary>
public sealed class ClientOptions
{
    /// <summary>Its <c>client_id</c>.</summary>
    public string Id { get; set; } = "";

    /// <summary>SHA-256 of its secret in hexadecimal; a client with one is confidential and uses the token endpoint.</summary>
    public string? SecretHash { get; set; }

    /// <summary>Its secret in clear; in Development only.</summary>
    public string? Secret { get; set; }

    /// <summary>Scopes that its sessions carry and that it may ask for itself; <c>revocations</c> only for itself.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>Audiences of its access tokens; the authority's when empty.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>Its own overlap; the authority's when null.</summary>
    public Overlap? Overlap { get; set; }

    /// <summary>Whether each refresh must carry <c>Symbolon-Attempt</c>; then there is no overlap.</summary>
    public AttemptRule Attempts { get; set; }
}

/// <summary>Whether a client sends attempt ids.</summary>
public enum AttemptRule
{
    /// <summary>It may.</summary>
    Optional,

    /// <summary>It must.</summary>
    Required,
}
