using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Symbolon.AspNetCore;

namespace Symbolon.Mock.Profiles;

/// <summary>What a profile answers, as its original does.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body; null for none. Not changed once it is here.</param>
internal sealed record ProfileAnswer(int Status, JsonNode? Body = null)
{
    /// <summary>A problem of the engine's own, where the original has no words of its own.</summary>
    public SymbolonProblem? Problem { get; init; }

    /// <summary>What writes the answer, where it is not this.</summary>
    public Func<HttpContext, Task>? Write { get; init; }

    /// <summary>Nothing is there.</summary>
    public static ProfileAnswer NotFound { get; } = Of(Authority.Endpoints.Problems.NotFound);

    /// <summary>A problem document.</summary>
    public static ProfileAnswer Of(SymbolonProblem problem) => new(problem.Status) { Problem = problem };

    /// <summary>A status and <c>{"message": …}</c>.</summary>
    public static ProfileAnswer Message(int status, string message) => new(status, new JsonObject { ["message"] = message });

    /// <summary>200 with a body.</summary>
    public static ProfileAnswer Ok(JsonNode body) => new(200, body);

    /// <summary>Renders it.</summary>
    public async Task ExecuteAsync(HttpContext http)
    {
        if (Write is not null) await Write(http);
        else if (Problem is not null) await Problem.ExecuteAsync(http);
        else
        {
            if (http.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false; // a bare status is the original's answer
            http.Response.StatusCode = Status;
            if (Body is not null) await http.Response.WriteAsJsonAsync(Body, http.RequestAborted);
        }
    }

    /// <summary>For an action that has nothing to wait for.</summary>
    public static implicit operator Task<ProfileAnswer>(ProfileAnswer answer) => Task.FromResult(answer);
}
