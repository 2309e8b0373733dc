using System.Diagnostics.Metrics;

namespace Symbolon.Gateway;

/// <summary>Counts answers.</summary>
internal sealed class GatewayMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Symbolon.Gateway";

    private readonly Counter<long> answers;

    public GatewayMetrics(IMeterFactory meters) =>
        answers = meters.Create(Name).CreateCounter<long>("symbolon.gateway.answers", "{answer}", "Answers to proxies, by outcome: ok, or a code.");

    /// <summary>A question was answered.</summary>
    public void Answered(string? code) => answers.Add(1, new KeyValuePair<string, object?>("symbolon.outcome", code ?? "ok"));
}
