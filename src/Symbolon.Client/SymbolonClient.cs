using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Symbolon.Client.Authority;
using Symbolon.Client.Http;
using Symbolon.Client.Sessions;
using Symbolon.Client.Stores;
using Symbolon.Client.Telemetry;

namespace Symbolon.Client;

/// <summary>A program's client of one authority: its sessions, one for each key, and the handlers that put their tokens on requests. One for each program, for as long as it runs.</summary>
public sealed class SymbolonClient : IDisposable
{
    /// <summary>Key of the session that a program has when it has only one.</summary>
    public const string DefaultSessionKey = "default";

    private const int LongestKey = 256;
    private readonly ConcurrentDictionary<string, NamedSession> sessions = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly ClientParts parts;
    private readonly HttpClient? own;

    internal SymbolonClient(SymbolonClientOptions options, ITokenStore store, Func<HttpClient> http, TimeProvider time, ILoggerFactory log, IMeterFactory? meters)
    {
        Options = options;
        parts = new ClientParts(options, new TypedStore(store), new AuthorityHttp(http, options, time), time, log.CreateLogger("Symbolon.Client"), new ClientMetrics(meters));
    }

    private SymbolonClient(SymbolonClientOptions options, ITokenStore store, HttpClient http, TimeProvider time, ILoggerFactory log) : this(options, store, () => http, time, log, meters: null) => own = http;

    /// <summary>A session has ended, for whichever reason. Listeners run in the background, each by itself: none can hold up the client or another listener.</summary>
    public event EventHandler<SignedOutEventArgs>? SignedOut;

    /// <summary>The program's only session.</summary>
    public ISymbolonSession Session => Named(DefaultSessionKey);

    /// <summary>How it is set up.</summary>
    internal SymbolonClientOptions Options { get; }

    /// <summary>Makes one without dependency injection.</summary>
    /// <param name="options">The authority, and how it is used.</param>
    /// <param name="store">Where tokens are kept; by default in memory.</param>
    /// <param name="time">The clocks; by default the system's.</param>
    /// <param name="log">Where it logs; by default nowhere.</param>
    /// <param name="handler">Sends what is sent to the authority; by default one of its own. Should it follow redirects, passwords and tokens do not go along.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message says what to write.</exception>
    public static SymbolonClient Create(SymbolonClientOptions options, ITokenStore? store = null, TimeProvider? time = null, ILoggerFactory? log = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(new SymbolonClientOptionsValidation(), options);
        var http = new HttpClient(handler ?? AuthorityHttp.Handler(options), disposeHandler: handler is null) { Timeout = Timeout.InfiniteTimeSpan };
        return new SymbolonClient(options, store ?? new MemoryTokenStore(), http, time ?? TimeProvider.System, log ?? NullLoggerFactory.Instance);
    }

    /// <summary>The session of a key, for programs with many users. A key stays in memory for as long as the client does.</summary>
    /// <param name="key">1 to 256 characters, none of them a control character.</param>
    public ISymbolonSession SessionOf(string key) => Named(key);

    /// <summary>A handler for an <see cref="HttpClient"/> that puts the session's token on its requests.</summary>
    /// <param name="configure">Which hosts get a token, and how.</param>
    /// <param name="inner">The handler below; by default one that follows redirects, on which a token never goes along.</param>
    /// <exception cref="OptionsValidationException">An option is wrong; the message says what to write.</exception>
    public DelegatingHandler CreateHandler(Action<SymbolonTokenOptions>? configure = null, HttpMessageHandler? inner = null)
    {
        var options = new SymbolonTokenOptions();
        configure?.Invoke(options);
        Require(new SymbolonTokenOptionsValidation(), options);
        var handler = Handler(options);
        handler.InnerHandler = inner ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (inner is null) LoopbackProxy.Guard(handler.InnerHandler, new AllowedHosts(Options.Authority!, options.AllowedHosts));
        return handler;
    }

    /// <summary>Ends what works in the background. Sessions go on: nobody is signed out.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        own?.Dispose();
        parts.Metrics.Dispose();
    }

    internal DelegatingHandler Handler(SymbolonTokenOptions options) => new SymbolonTokenHandler(this, options, parts.Log, parts.Metrics);

    internal NamedSession Named(string key)
    {
        if (sessions.TryGetValue(key, out var known)) return known;
        if (key.Length is 0 or > LongestKey || key.Any(char.IsControl)) throw new ArgumentException($"A session key has 1 to {LongestKey} characters, none of them a control character.", nameof(key));
        return sessions.GetOrAdd(key, new NamedSession(key, parts, Tell, stopping.Token));
    }

    private void Tell(string key, Ending ending)
    {
        parts.Log.SignedOut(key, ending.Code, ending.Reason);
        var what = new SignedOutEventArgs(key, ending);
        foreach (var listener in SignedOut?.GetInvocationList() ?? []) _ = Background.Run(() => Task.FromResult(Call((EventHandler<SignedOutEventArgs>)listener, what)));
    }

    private bool Call(EventHandler<SignedOutEventArgs> listener, SignedOutEventArgs what)
    {
        try
        {
            listener(this, what);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            parts.Log.ListenerThrew(e.GetType().Name); // its message may say anything
            return false;
        }
    }

    private static void Require<T>(IValidateOptions<T> validation, T options) where T : class
    {
        var result = validation.Validate(null, options);
        if (result.Failed) throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(T), result.Failures);
    }
}
