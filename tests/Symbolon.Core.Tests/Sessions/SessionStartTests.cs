using static Symbolon.Some;

namespace Symbolon.Sessions;

/// <summary>Which sessions make room for a new one: DESIGN §4; ASVS 5.0 7.1.2.</summary>
public sealed class SessionStartTests
{
    private static Session Live(int number, string? device = null, string client = "web", int seenMinutesAgo = 0) => Row with
    {
        Id = Id(number),
        ClientId = client,
        Device = new Device(device ?? $"device-{number}", Name: null, Type: null),
        LastSeenAt = T0.AddMinutes(-seenMinutesAgo),
    };

    private static SessionStart Plan(Session next, IReadOnlyCollection<Session> live, int limit = 100) => SessionStart.Plan(next, live, limit, T0);

    private static IEnumerable<(SessionId, EndReason)> Ends(SessionStart start) => start.Ends.Select(end => (end.Session.Id, end.Session.Ending!.Reason));

    [Fact]
    public void Plan_EndsNothing_WhenThereIsRoom()
    {
        var start = Plan(Live(1000), [.. Enumerable.Range(1, 99).Select(n => Live(n))]);
        Assert.Empty(start.Ends);
        Assert.Equal((EventKind.SessionStarted, Id(1000), Alice, T0), (start.Event.Kind, start.Event.Session!.Value, start.Event.Subject!.Value, start.Event.At));
    }

    [Fact]
    public void Plan_EndsTheLeastRecentlyUsed_WhenTheLimitIsReached()
    {
        var live = Enumerable.Range(1, 101).Select(n => Live(n, seenMinutesAgo: n == 40 ? 900 : n == 7 ? 800 : n)).ToList();
        Assert.Equal([(Id(7), EndReason.SessionLimit), (Id(40), EndReason.SessionLimit)], Ends(Plan(Live(1000), live)));
    }

    [Fact]
    public void Plan_EndsTheOlderId_WhenBothWereSeenTogether() =>
        Assert.Equal([(Id(1), EndReason.SessionLimit)], Ends(Plan(Live(3), [Live(2), Live(1)], limit: 2)));

    [Fact]
    public void Plan_ReplacesTheSameDeviceFirst_WhenTheLimitIsReached()
    {
        var live = Enumerable.Range(1, 100).Select(n => Live(n, seenMinutesAgo: n)).ToList();
        Assert.Equal([(Id(5), EndReason.Replaced)], Ends(Plan(Live(1000, device: "device-5"), live)));
    }

    [Fact]
    public void Plan_ReplacesAllOfTheDevice_WhenThereAreSeveral() =>
        Assert.Equal(
            [(Id(1), EndReason.Replaced), (Id(2), EndReason.Replaced)],
            Ends(Plan(Live(3, device: "same"), [Live(1, device: "same"), Live(2, device: "same"), Live(4)])));

    [Fact]
    public void Plan_KeepsTheDevicesOtherClients_WhenOneSignsIn() => Assert.Empty(Plan(Live(2, device: "same"), [Live(1, device: "same", client: "phone")]).Ends);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Plan_ReplacesThePredecessor_WhoseverItWas(bool isSameSubject)
    {
        var predecessor = Live(1) with { Subject = isSameSubject ? Alice : new SubjectId("bob") };
        var start = SessionStart.Plan(Live(3), isSameSubject ? [predecessor, Live(2)] : [Live(2)], limit: 2, T0, predecessor);
        Assert.Equal([(Id(1), EndReason.Replaced)], Ends(start));
    }

    [Fact]
    public void Plan_KeepsOnlyTheNewOne_WhenTheLimitIsOne() =>
        Assert.Equal([(Id(2), EndReason.SessionLimit), (Id(1), EndReason.SessionLimit)], Ends(Plan(Live(3), [Live(1), Live(2)], limit: 1)));
}
