using Symbolon.Sessions;

namespace Symbolon.Authority.Operations;

/// <summary>What the client wishes for its session.</summary>
/// <param name="Device">The device, or null.</param>
/// <param name="Transport">How refresh tokens travel.</param>
/// <param name="Remember">Whether the session outlives the browser.</param>
/// <param name="Cookie">The refresh cookie that came along, or null.</param>
internal sealed record StartWishes(Device? Device, SessionTransport Transport, bool Remember, string? Cookie)
{
    public override string ToString() => nameof(StartWishes);
}
