using Microsoft.Extensions.Logging;

namespace Symbolon.Mock.Hosting;

/// <summary>What every world of a mock is made from, and what outlives them.</summary>
/// <param name="Options">The options.</param>
/// <param name="Content">What is served beside the engine.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Faults">The faults.</param>
/// <param name="Log">The log.</param>
internal sealed record WorldPlan(MockOptions Options, MockContent Content, MockClock Clock, MockFaults Faults, MockLog Log)
{
    /// <summary>The issuer: the first address, as it is reached from this machine.</summary>
    public required string Issuer { get; init; }

    /// <summary>Begins the next world.</summary>
    public required Func<CancellationToken, Task> ResetAsync { get; init; }

    /// <summary>Where messages go; nowhere unless set.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}
