using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.Ports;
using Symbolon.Sessions;
using Symbolon.Storage;

namespace Symbolon.StoreContract;

/// <summary>Opening: an empty file, a strange one, a newer one, none.</summary>
public sealed class SqliteStartTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-start-");

    private string Place => Path.Combine(folder.FullName, "symbolon.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Open_MakesOneSchema_WhenManyServersStartOnAnEmptyFile()
    {
        using var ready = new Barrier(8);
        var databases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                ready.SignalAndWait();
                return Open(Place);
            },
            TaskCreationOptions.LongRunning)));
        for (var number = 0; number < 8; number++)
            Assert.Equal(number == 0, await new SqliteKeyStore(databases[number]).TryAddFingerprintsAsync([$"{number}:x"], default));
        foreach (var database in databases) database.Dispose();
    }

    [Fact]
    public async Task Open_KeepsWhatIsThere_WhenOpenedAgain()
    {
        using (var first = Open(Place)) await new SqliteKeyStore(first).TryAddFingerprintsAsync(["1:aa"], default);
        using var second = Open(Place);
        Assert.Equal(["1:aa"], (await new SqliteKeyStore(second).LoadAsync(default)).Fingerprints);
    }

    [Fact]
    public void Open_MakesTheFileForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows()) return; // there the directory's own rules hold
        using var database = Open(Place);
        foreach (var file in folder.GetFiles()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
    }

    [Fact]
    public void Open_Refuses_WhenTheSchemaIsNewer()
    {
        Open(Place).Dispose();
        Script($"PRAGMA user_version={SqliteSchema.Newest + 1}");
        Assert.Contains("newer version", Refusal(Place), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Refuses_WhenTheFileIsAnotherPrograms()
    {
        Script("CREATE TABLE sessions (id INTEGER)");
        Assert.Contains("another program", Refusal(Place), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Refuses_WhenTheFileIsNoDatabase()
    {
        File.WriteAllText(Place, new string('#', 5000));
        Assert.Contains("not a SQLite database", Refusal(Place), StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(Place).Length);
    }

    [Fact]
    public void Open_Refuses_WhenTheDirectoryIsMissing() =>
        Assert.Contains("does not exist", Refusal(Path.Combine(folder.FullName, "missing", "symbolon.db")), StringComparison.Ordinal);

    [Fact]
    public void Open_Refuses_WhenTheNameIsADirectory() => Assert.Contains("is a directory", Refusal(folder.FullName), StringComparison.Ordinal);

    [Fact]
    public void Open_Refuses_WhenNothingCanBeWrittenThere()
    {
        if (!OperatingSystem.IsLinux()) return; // /proc refuses even the superuser
        Assert.Contains("cannot be written", Refusal("/proc/symbolon.db"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddTo_PutsSqliteBehindEveryPort()
    {
        var services = new ServiceCollection().AddLogging();
        SqliteStorage.AddTo(services, $"Data Source={Place}");
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<SqliteDatabase>().Open();
        Assert.Null((await provider.GetRequiredService<ISessionStore>().FindAsync(Records.Id(1), default)).Session);
        Assert.Null((await provider.GetRequiredService<ISubjectStore>().FindAsync(Records.Alice, default)).Subject);
        Assert.Empty((await provider.GetRequiredService<IRevocationLog>().ReadAsync(0, 1, default))!.Entries);
        Assert.Empty((await provider.GetRequiredService<IKeyStore>().LoadAsync(default)).Fingerprints);
        await provider.GetRequiredService<IEventLog>().AppendAsync(new(EventKind.LoginFailed, Records.T0), default);
        Assert.Null(await provider.GetRequiredService<IUserStore<SymbolonUser>>().FindByIdAsync("x", default));
    }

    [Fact]
    public void Find_NamesThePackage_WhenTheLibraryIsMissing()
    {
        var refusal = Assert.Throws<StorageStartException>(() => SqliteLibrary.Find(["libnothing-of-this-name.so.0"]));
        Assert.Contains("libsqlite3-0", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Data Source=symbolon.db", "symbolon.db")]
    [InlineData("data source=/var/lib/a b.db;", "/var/lib/a b.db")]
    public void DataSourceOf_AnswersTheFile_WhenItIsNamed(string connectionString, string file) =>
        Assert.Equal(file, SqliteOptions.DataSourceOf(connectionString));

    [Theory]
    [InlineData("")]
    [InlineData("Data Source=")]
    [InlineData("symbolon.db")]
    [InlineData("Host=db;Database=symbolon")]
    [InlineData("Data Source=a.db;Cache=Shared")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=file:a.db?mode=memory")]
    public void DataSourceOf_Refuses_WhenItSaysAnythingElse(string connectionString) =>
        Assert.Throws<StorageStartException>(() => SqliteOptions.DataSourceOf(connectionString));

    private static SqliteDatabase Open(string file)
    {
        var database = new SqliteDatabase(new SqliteOptions { DataSource = file }, new ManualTime());
        database.Open();
        return database;
    }

    private static string Refusal(string file)
    {
        var message = Assert.Throws<StorageStartException>(() => Open(file)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private void Script(string sql)
    {
        using var db = new StoreConnection(Place, create: true, TimeSpan.Zero);
        db.Execute(sql);
    }
}
