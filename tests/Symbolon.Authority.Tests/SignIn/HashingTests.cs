using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.SignIn;

public sealed class HashingTests : IAsyncLifetime
{
    private readonly GatedHasher hasher = new();
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(
        [("Symbolon:Accounts:ConcurrentHashes", "1"), ("Symbolon:Accounts:QueuedHashes", "2")],
        services => services.AddSingleton<IPasswordHasher<SymbolonUser>>(hasher));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Login_DoesTheSameWork_ForAnUnknownNameAndAWrongPassword()
    {
        var name = (await server.RegisterAsync()).Name;
        (await server.LoginAsync(TestServer.NewName())).Is(401); // the hash that unknown names are checked against is made once

        var wrong = await CountAsync(() => server.LoginAsync(name, "a wrong password"));
        var unknown = await CountAsync(() => server.LoginAsync(TestServer.NewName(), "a wrong password"));

        Assert.Equal((0, 1), wrong);
        Assert.Equal(wrong, unknown);
    }

    [Fact]
    public async Task Login_Is503_WhenTooManyHashesWait_WhileRefreshStillAnswers()
    {
        var (name, tokens) = await server.RegisterAsync();
        hasher.Close();
        var logins = Enumerable.Range(0, 4).Select(_ => server.LoginAsync(name)).ToList(); // one is hashing, two wait, one is too many
        await hasher.Entered;

        (await await Task.WhenAny(logins)).IsProblem(503, "unavailable");

        (await server.RefreshAsync(tokens.RefreshToken)).Is(200);
        (await server.GetAsync("/auth/me", tokens.AccessToken)).Is(200);
        hasher.Open();
        Assert.Equal([200, 200, 200, 503], (await Task.WhenAll(logins)).Select(answer => answer.Status).Order());
        (await server.LoginAsync(name)).Is(200);
    }

    private async Task<(int Hashes, int Verifications)> CountAsync(Func<Task<Answer>> login)
    {
        var before = (hasher.Hashes, hasher.Verifications);
        (await login()).Is(401);
        return (hasher.Hashes - before.Hashes, hasher.Verifications - before.Verifications);
    }

    private sealed class GatedHasher : IPasswordHasher<SymbolonUser>
    {
        private readonly ManualResetEventSlim gate = new(initialState: true);
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Hashes { get; private set; }

        public int Verifications { get; private set; }

        /// <summary>Somebody stands before the closed gate.</summary>
        public Task Entered => entered.Task;

        public void Close() => gate.Reset();

        public void Open() => gate.Set();

        public string HashPassword(SymbolonUser user, string password)
        {
            Hashes++;
            return $"hash of {password}";
        }

        public PasswordVerificationResult VerifyHashedPassword(SymbolonUser user, string hashedPassword, string providedPassword)
        {
            Verifications++;
            if (!gate.IsSet) entered.TrySetResult();
            gate.Wait();
            return hashedPassword == $"hash of {providedPassword}" ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }
    }
}
