using Symbolon.Refresh;

namespace Symbolon.Properties;

/// <summary>How a world is set up.</summary>
/// <param name="Seed">Of everything random in it.</param>
/// <param name="Overlap">Which of <see cref="Overlaps"/>.</param>
/// <param name="SendsAttempts">Whether the victim sends attempt ids.</param>
/// <param name="LeaksAttempts">Whether the thief knows them.</param>
/// <param name="IsCookieJar">The victim's storage takes whatever comes last, and one refresh is in flight at most.</param>
/// <param name="Honest">The victim keeps to what [I7] assumes of it.</param>
internal sealed record Setup(int Seed, int Overlap, bool SendsAttempts, bool LeaksAttempts, bool IsCookieJar, bool Honest)
{
    public static readonly TimeSpan[] Overlaps = [TimeSpan.FromMinutes(10), TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromHours(24), RefreshPolicy.UntilUsed];

    public RefreshPolicy Policy => new() { Overlap = Overlaps[Overlap % Overlaps.Length], AttemptsRequired = SendsAttempts && Seed % 8 == 0 };

    public override string ToString() => $"seed {Seed}, overlap {Policy.Overlap}, attempts {SendsAttempts}/{Policy.AttemptsRequired}, leaked {LeaksAttempts}, jar {IsCookieJar}";
}
