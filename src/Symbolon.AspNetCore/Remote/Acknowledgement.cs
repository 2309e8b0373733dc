using System.Buffers;
using System.Text.Json;

namespace Symbolon.AspNetCore.Remote;

/// <summary>What a verifier tells the authority: how far it has applied the log, and the contract that receipts rely on. DESIGN §6.</summary>
/// <param name="Verifier">The verifier's name.</param>
/// <param name="Instance">This process of it.</param>
/// <param name="Timeline">The log's timeline.</param>
/// <param name="Seq">Everything up to here is applied.</param>
/// <param name="Loosest">The loosest demand of its routes.</param>
/// <param name="IsLeaving">It stops: nobody need wait for it.</param>
internal sealed record Acknowledgement(string Verifier, string Instance, string Timeline, long Seq, RouteDemand Loosest, bool IsLeaving)
{
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("verifier", Verifier);
        json.WriteString("instance", Instance);
        json.WriteString("timeline", Timeline);
        json.WriteNumber("seq", Seq);
        json.WriteNumber("max_staleness", Loosest.MaxStaleness.TotalSeconds);
        json.WriteString("when_stale", Loosest.WhenStale switch { WhenStale.Allow => "allow", WhenStale.Ask => "ask", _ => "deny" });
        if (IsLeaving) json.WriteBoolean("leaving", value: true);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
