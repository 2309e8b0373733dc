namespace Symbolon.Client;

/// <summary>A session that has begun.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ExpiresIn">It ends when it is not refreshed for as long, if the authority said so.</param>
/// <param name="EndsIn">It ends then in any case, if the authority said so.</param>
/// <param name="Scope">What it may do, if the authority said so.</param>
/// <param name="ClockSkew">How far this machine's clock is ahead of the authority's, if the authority told its own. Nothing depends on it.</param>
public sealed record Session(string Id, TimeSpan? ExpiresIn, TimeSpan? EndsIn, string? Scope, TimeSpan? ClockSkew);
