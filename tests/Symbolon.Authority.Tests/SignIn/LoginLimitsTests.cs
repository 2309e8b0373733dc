using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.SignIn;

public sealed class LoginLimitsTests(LoginLimitsTests.Fixture fixture) : IClassFixture<LoginLimitsTests.Fixture>
{
    private const int MaxFailures = 10;
    private readonly TestServer server = fixture.Server;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Login_IsRefused_AfterTenFailuresOfAName(bool known)
    {
        var name = known ? (await server.RegisterAsync()).Name : TestServer.NewName();
        for (var i = 0; i < MaxFailures; i++) (await server.LoginAsync(name, "a wrong password")).IsProblem(401, "invalid_credentials");

        var answer = await server.LoginAsync(name);

        answer.IsProblem(429, "too_many_attempts");
        Assert.Equal("900", answer.Header("Retry-After"));
        server.Time.Advance(TimeSpan.FromMinutes(15));
        (await server.LoginAsync(name)).Is(known ? 200 : 401);
    }

    [Fact]
    public async Task Login_StillWorks_FromAnotherNetwork()
    {
        var name = (await server.RegisterAsync()).Name;
        for (var i = 0; i < MaxFailures; i++) (await GuessAsync(name, $"203.0.113.{i}")).Is(401);

        (await GuessAsync(name, "203.0.113.200")).IsProblem(429, "too_many_attempts"); // the same /24

        (await server.LoginAsync(name, TestServer.Password, ("X-Forwarded-For", "198.51.100.7"))).Is(200);
        (await GuessAsync(name, "203.0.113.200")).IsProblem(429, "too_many_attempts"); // a success elsewhere does not help the guesser
    }

    [Theory]
    [InlineData("2001:db8:1:2::3", "2001:db8:1:ffff::1", 429)]
    [InlineData("2001:db8:1:2::3", "2001:db8:2:2::3", 401)]
    [InlineData("::ffff:192.0.2.9", "192.0.2.77", 429)]
    public async Task Login_CountsPerPrefix(string one, string other, int status)
    {
        var name = TestServer.NewName();
        for (var i = 0; i < MaxFailures; i++) (await GuessAsync(name, one)).Is(401);

        (await GuessAsync(name, other)).Is(status);
    }

    [Fact]
    public async Task Login_IsRefusedFromEverywhere_AfterAHundredFailuresOfAName()
    {
        var name = TestServer.NewName();
        for (var i = 0; i < MaxFailures * 10; i++) (await GuessAsync(name, $"10.0.{i}.1")).Is(401);

        (await GuessAsync(name, "10.0.222.1")).IsProblem(429, "too_many_attempts");
    }

    /// <summary>Guards against a cheap lock-out: guesses that are refused for their network filled the name's own counter too.</summary>
    [Fact]
    public async Task Login_StillWorks_WhenOneNetworkHammersTheName()
    {
        var name = (await server.RegisterAsync()).Name;
        for (var i = 0; i < MaxFailures * 12; i++) await GuessAsync(name, $"203.0.113.{i}");

        (await server.LoginAsync(name, TestServer.Password, ("X-Forwarded-For", "198.51.100.7"))).Is(200);
    }

    [Fact]
    public async Task Login_ForgivesFailures_WhenItSucceeds()
    {
        var name = (await server.RegisterAsync()).Name;
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < MaxFailures - 1; i++) (await server.LoginAsync(name, "a wrong password")).Is(401);
            (await server.LoginAsync(name)).Is(200);
        }
    }

    [Fact]
    public async Task Login_CountsOneName_HoweverItIsWritten()
    {
        var name = TestServer.NewName();
        for (var i = 0; i < MaxFailures; i++) (await server.LoginAsync(i % 2 == 0 ? name : name.ToUpperInvariant(), "a wrong password")).Is(401);

        (await server.LoginAsync(name)).IsProblem(429, "too_many_attempts");
    }

    [Fact]
    public async Task Login_ChecksNoMoreGuessesThanAllowed_WhenTheyComeInParallel()
    {
        var name = (await server.RegisterAsync()).Name;

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => server.LoginAsync(name, "a wrong password")));

        Assert.Equal(MaxFailures, answers.Count(answer => answer.Code == "invalid_credentials"));
        Assert.Equal(64 - MaxFailures, answers.Count(answer => answer.Code == "too_many_attempts"));
    }

    [Fact]
    public async Task ChangePassword_CountsGuesses_AsLogInDoes()
    {
        var (_, tokens) = await server.RegisterAsync();
        for (var i = 0; i < MaxFailures; i++)
            (await server.PostAsync("/auth/password", new { current_password = "wrong one", new_password = "a good new one" }, tokens.AccessToken)).Is(401);

        (await server.PostAsync("/auth/password", new { current_password = TestServer.Password, new_password = "a good new one" }, tokens.AccessToken))
            .IsProblem(429, "too_many_attempts");
        (await server.DeleteAsync("/auth/account", tokens.AccessToken, new { password = TestServer.Password })).IsProblem(429, "too_many_attempts");
    }

    private Task<Answer> GuessAsync(string name, string from) => server.LoginAsync(name, "a wrong password", ("X-Forwarded-For", from));

    public sealed class Fixture : ServerFixture
    {
        internal override IEnumerable<(string Key, string Value)> Settings => [("Symbolon:Proxies:0", "127.0.0.0/8")];
    }
}

public sealed class AddressLimitsTests
{
    [Fact]
    public async Task Login_IsRefused_WhenAnAddressAsksTooOften()
    {
        await using var server = await TestServer.StartAsync(
            [("Symbolon:Accounts:LoginsPerMinute", "3"), ("Symbolon:Accounts:RegistrationsPerMinute", "2"), ("Symbolon:Proxies:0", "127.0.0.1")]);
        for (var i = 0; i < 3; i++) (await server.LoginAsync(TestServer.NewName())).Is(401);

        (await server.LoginAsync(TestServer.NewName())).IsProblem(429, "too_many_attempts");

        (await server.LoginAsync(TestServer.NewName(), TestServer.Password, ("X-Forwarded-For", "198.51.100.7"))).Is(401);
        await server.RegisterAsync();
        await server.RegisterAsync();
        (await server.PostAsync("/auth/register", new { username = TestServer.NewName(), password = TestServer.Password })).IsProblem(429, "too_many_attempts");
    }
}
