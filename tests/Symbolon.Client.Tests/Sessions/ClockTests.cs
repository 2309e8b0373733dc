using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Sessions;

/// <summary>Clocks that are wrong, are set, or stood still.</summary>
public class ClockTests
{
    [Fact]
    public async Task Sleep_CostsOneRefresh_AndNobodySeesA401()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new ShiftedTime();
        using var client = await authority.SignedInAsync(time);
        var isOver401 = false;
        authority.Faults.On("/api/echo", async (http, next) =>
        {
            await next();
            isOver401 |= http.Response.StatusCode == 401;
        });

        authority.Time.Advance(TimeSpan.FromHours(8));
        time.Shift(TimeSpan.FromHours(8)); // the monotonic clock stood still
        Assert.All(await client.CallAsync(10), status => Assert.Equal(200, status));

        Assert.Equal(1, authority.Refreshes);
        Assert.False(isOver401);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(-65)]
    [InlineData(365 * 24 * 60)]
    public async Task WrongClock_CostsNothing(int minutes)
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new ShiftedTime();
        time.Shift(TimeSpan.FromMinutes(minutes));
        using var client = authority.Client(time);
        var session = await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(200, await client.CallAsync());
            time.Pass(TimeSpan.FromSeconds(60));
            authority.Time.Advance(TimeSpan.FromSeconds(60));
        }

        Assert.Equal(TimeSpan.FromMinutes(minutes), session.ClockSkew);
        Assert.InRange(authority.Refreshes, 2, 3); // lives of ten minutes
    }

    [Theory]
    [InlineData(65)]
    [InlineData(-65)]
    public async Task ClockThatIsSet_CostsOneRefresh(int minutes)
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new ShiftedTime();
        using var client = await authority.SignedInAsync(time);

        time.Shift(TimeSpan.FromMinutes(minutes));
        for (var i = 0; i < 20; i++) Assert.Equal(200, await client.CallAsync());

        Assert.Equal(1, authority.Refreshes);
    }

    [Fact]
    public async Task ValidToken_GoesOnBeingUsed_WhenClockIsSetAndAuthorityIsDown()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new ShiftedTime();
        using var client = await authority.SignedInAsync(time);
        authority.Faults.Cut("/auth/refresh");

        time.Shift(TimeSpan.FromDays(365));

        Assert.Equal(200, await client.CallAsync());
    }

    [Fact]
    public async Task LoadedToken_CountsAsExpired_WhenItComesFromTheFuture()
    {
        await using var authority = await TestAuthority.StartAsync();
        var store = new MemoryTokenStore();
        var (early, late) = (new ShiftedTime(), new ShiftedTime());
        late.Shift(TimeSpan.FromHours(1));
        using var before = await authority.SignedInAsync(late, store);

        using var after = authority.Client(early, store);

        Assert.Equal(200, await after.CallAsync());
        Assert.Equal(1, authority.Refreshes);
    }

    [Fact]
    public async Task MinTtl_DoesNotRefresh_ATokenThatIsNew()
    {
        await using var authority = await TestAuthority.StartAsync();
        var time = new FiringTime();
        using var client = await authority.SignedInAsync(time);

        await client.Session.GetTokenAsync(TimeSpan.FromHours(5));
        time.Advance(TimeSpan.FromSeconds(60));
        await client.Session.GetTokenAsync(TimeSpan.FromMinutes(8));
        Assert.Equal(0, authority.Refreshes);

        time.Advance(TimeSpan.FromSeconds(70)); // more than a fifth of its life is over
        var token = await client.Session.GetTokenAsync(TimeSpan.FromHours(5));
        Assert.Equal((1, TimeSpan.FromMinutes(10)), (authority.Refreshes, token!.ExpiresIn));
    }
}
