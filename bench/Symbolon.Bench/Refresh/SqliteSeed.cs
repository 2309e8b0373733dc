using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;
using Symbolon.Storage;

namespace Symbolon.Bench.Refresh;

/// <summary>A SQLite file, filled through the stores and without a password hash.</summary>
internal sealed class SqliteSeed : Seed
{
    // Rows wait together so that they share transactions.
    private const int AtOnce = 2_000, SessionsOfAccount = 4;

    private readonly SessionId[] ids;
    private readonly Bytes16[] salts;

    private SqliteSeed(string file, int count)
        : base(count) => (File, ids, salts) = (file, new SessionId[count], new Bytes16[count]);

    public string File { get; }

    public override IEnumerable<(string Name, string Value)> Storage => [("ConnectionStrings__Symbolon", $"Data Source={File}")];

    public override SessionId Id(int index) => ids[index];

    public static async Task<SqliteSeed> MakeAsync(string file, int count)
    {
        var seed = new SqliteSeed(file, count);
        var services = new ServiceCollection().AddLogging();
        SqliteStorage.AddTo(services, options => (options.DataSource, options.MaxBatch) = (file, 1024));
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<SqliteDatabase>().Open();
        var users = provider.GetRequiredService<IUserStore<SymbolonUser>>();
        var sessions = provider.GetRequiredService<ISessionStore>();

        for (var from = 0; from < count; from += AtOnce)
        {
            var accounts = Enumerable.Range(from / SessionsOfAccount, Math.Min(AtOnce, count - from) / SessionsOfAccount).Select(Account).ToList();
            await Task.WhenAll(accounts.Select(account => users.CreateAsync(account, CancellationToken.None)));
            for (var turn = 0; turn < SessionsOfAccount; turn++)
                await Task.WhenAll(accounts.Select((account, i) => seed.StartAsync(sessions, account, from + (i * SessionsOfAccount), turn)));
        }

        return seed;
    }

    protected override Bytes16 Salt(int index) => salts[index];

    private async Task StartAsync(ISessionStore sessions, SymbolonUser account, int first, int turn)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var session = new Session
        {
            Id = ids[first + turn] = new SessionId(Guid.CreateVersion7(now)),
            Salt = salts[first + turn] = Bytes16.Read(RandomNumberGenerator.GetBytes(Bytes16.Size)),
            Subject = new SubjectId(account.Id),
            ClientId = "web",
            Device = new Device(Guid.NewGuid().ToString("N"), "Kitchen tablet", "browser"),
            CreatedAt = now,
            AuthTime = now,
            Amr = "pwd",
            IpAddress = "192.0.2.17",
            UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            Transport = SessionTransport.Body,
            Remember = true,
            ConfirmedAt = now,
            LastSeenAt = now,
            ExpiresAt = now.AddDays(14),
            EndsAt = now.AddDays(90),
            Era = 0,
            Epoch = 0,
            Stamp = Bytes16.HashOf(account.SecurityStamp!),
        };
        if (!await sessions.TryStartAsync(SessionStart.Plan(session, [], limit: 100, now), ids[first..(first + turn)], CancellationToken.None))
            throw new InvalidOperationException("A session could not be made.");
    }

    private static SymbolonUser Account(int number) => new()
    {
        UserName = $"user{number}",
        NormalizedUserName = $"USER{number}",
        PasswordHash = new string('A', 84), // as long as a real one; never checked
        SecurityStamp = Guid.NewGuid().ToString("N"),
        Roles = [number == Administrator ? "admin" : "user"],
        CreatedAt = DateTimeOffset.UtcNow,
    };
}
