using System.Text.Json;
using Symbolon.AspNetCore;

namespace Symbolon.Mock;

/// <summary>A route of a mock: who may call it, and what it answers. The first that matches wins.</summary>
/// <param name="Path">The path, for example <c>/api/admin/*</c>; <c>*</c> at the end stands for any rest, and as a segment for one segment.</param>
public sealed record MockRoute(string Path)
{
    /// <summary>The methods it answers; any when empty.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Whether it needs no token.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Any of these roles is needed; none when empty.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The scope that is needed, or null.</summary>
    public string? Scope { get; init; }

    /// <summary>How sure it wants to be that a token still counts.</summary>
    public SymbolonMode Mode { get; init; }

    /// <summary>The status it answers.</summary>
    public int Status { get; init; } = 200;

    /// <summary>What it answers; null for data under its path, else who called it.</summary>
    public JsonElement? Body { get; init; }
}
