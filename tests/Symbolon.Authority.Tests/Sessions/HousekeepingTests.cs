using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Authority.Tests.Support;
using Symbolon.Sessions;

namespace Symbolon.Authority.Tests.Sessions;

/// <summary>What is over is ended in its row, kept, and deleted in the end: on SQLite, by the service that the server runs.</summary>
public sealed class HousekeepingTests(HousekeepingTests.Fixture fixture) : IClassFixture<HousekeepingTests.Fixture>
{
    private readonly TestServer server = fixture.Server;

    [Fact]
    public async Task Step_EndsWhatHasExpired_ADayLater_AndPurgesItAfterThirty()
    {
        var (_, tokens) = await server.RegisterAsync();
        await PassAsync(TimeSpan.FromDays(14));
        Assert.Null((await RowAsync(tokens))!.Ending);
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_expired", "inactivity");

        await PassAsync(TimeSpan.FromDays(1));
        Assert.Equal(EndReason.Inactivity, (await RowAsync(tokens))!.Ending?.Reason);
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "session_expired", "inactivity");

        await PassAsync(TimeSpan.FromDays(30));
        Assert.Null(await RowAsync(tokens));
        (await server.RefreshAsync(tokens.RefreshToken)).IsProblem(401, "refresh_invalid");
    }

    [Fact]
    public async Task Step_WritesTheReason_IntoRowsThatEndedFromAbove()
    {
        var (_, tokens) = await server.RegisterAsync();
        (await server.DeleteAsync("/auth/sessions?scope=all", tokens.AccessToken)).Is(204);
        Assert.Null((await RowAsync(tokens))!.Ending);

        await PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(EndReason.AllEnded, (await RowAsync(tokens))!.Ending?.Reason);
    }

    [Fact]
    public async Task Step_DropsEventsAndEntries_ThatAreOldEnough()
    {
        var (_, tokens) = await server.RegisterAsync();
        (await server.PostAsync("/auth/logout", new { refresh_token = tokens.RefreshToken })).Is(204);
        await PassAsync(TimeSpan.FromDays(90) + TimeSpan.FromSeconds(1));

        Assert.Empty((await server.Get<IRevocationLog>().ReadAsync(null, 100, default))!.Entries);
        Assert.Empty(await server.Get<IEventLog>().ListAsync(new EventQuery(Session: Sid(tokens), Subject: null, Before: null, Take: 100), default));
    }

    private static SessionId Sid(Answer tokens) => SessionId.TryParse(tokens.String("session_id"), out var id) ? id : default;

    private async Task<Session?> RowAsync(Answer tokens) => (await server.Get<ISessionStore>().FindAsync(Sid(tokens), default)).Session;

    // The rows that were made before: until the scan has come round twice.
    private async Task PassAsync(TimeSpan length)
    {
        server.Time.Advance(length);
        var housekeeping = server.Services.GetServices<IHostedService>().OfType<Housekeeping>().Single();
        for (var step = 0; step < 3; step++) await housekeeping.StepAsync(CancellationToken.None);
    }

    public sealed class Fixture : SqliteServerFixture;
}
