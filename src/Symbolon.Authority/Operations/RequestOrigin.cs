using System.Net;

namespace Symbolon.Authority.Operations;

/// <summary>Where a request comes from.</summary>
/// <param name="Address">The client's address, behind proxies that are believed.</param>
/// <param name="UserAgent">Its user agent, cut to 256 characters.</param>
internal sealed record RequestOrigin(IPAddress? Address, string? UserAgent);
