namespace Symbolon.Mock;

/// <summary>What goes wrong.</summary>
public enum MockFaultKind
{
    /// <summary>A problem document with <see cref="MockFault.Status"/>; the engine is not reached.</summary>
    Status,

    /// <summary>Nothing but <see cref="MockFault.Delay"/>.</summary>
    Delay,

    /// <summary>The connection is reset before the engine is reached.</summary>
    Reset,

    /// <summary>200 without a body; the engine is not reached.</summary>
    Empty,

    /// <summary>Half of the engine's answer, then the connection ends: fewer bytes than <c>Content-Length</c> says.</summary>
    Truncate,

    /// <summary>The engine does all its work and commits; then the connection is reset without a byte.</summary>
    LostResponse,

    /// <summary>200 with a page, as captive portals answer; the engine is not reached.</summary>
    Html200,

    /// <summary>The answer comes without its <c>Set-Cookie</c>.</summary>
    DropSetCookie,

    /// <summary>The answer comes without the headers that let a page of another origin read it; preflights too.</summary>
    WrongCors,
}

/// <summary>Something that is to go wrong: with which requests, and how often.</summary>
public sealed record MockFault
{
    /// <summary>What goes wrong.</summary>
    public required MockFaultKind Kind { get; init; }

    /// <summary>The method it is for; any when null. Preflights (OPTIONS) pass unless this names them.</summary>
    public string? Method { get; init; }

    /// <summary>The path it is for, where <c>*</c> stands for anything: <c>/auth/refresh</c>, <c>/api/*</c>; any when null. Never the mock's own calls.</summary>
    public string? Path { get; init; }

    /// <summary>The status of <see cref="MockFaultKind.Status"/>; 400 to 599. Default 503.</summary>
    public int Status { get; init; } = 503;

    /// <summary>The <c>Retry-After</c> of <see cref="MockFaultKind.Status"/>, or none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The problem code of <see cref="MockFaultKind.Status"/>; what fits the status when null.</summary>
    public string? Code { get; init; }

    /// <summary>How long the answer is held back, in real time; on any kind.</summary>
    public MockDelay Delay { get; init; }

    /// <summary>How often it happens; without end when null.</summary>
    public int? Times { get; init; }

    /// <summary>How many requests that it is for pass before the first.</summary>
    public int Skip { get; init; }

    /// <summary>How probable it is with each request that it is for, from 0 to 1. Default 1.</summary>
    public double Probability { get; init; } = 1;
}
