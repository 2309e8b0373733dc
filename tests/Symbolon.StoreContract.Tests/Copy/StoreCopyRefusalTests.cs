using Symbolon.Storage;
using Symbolon.Storage.Copy;

namespace Symbolon.StoreContract.Copy;

/// <summary>Servers that use an end of the copy, ends that cannot be opened, addresses that say nothing.</summary>
public sealed class StoreCopyRefusalTests : IDisposable
{
    private const string Start = "INSERT INTO servers (name, beats) VALUES ('one', 1)", StartThere = "INSERT INTO symbolon.servers (name, beats) VALUES ('one', 1)";

    private readonly List<Place> places = [];

    public void Dispose() => places.ForEach(place => place.Dispose());

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Run_Refuses_WhileAServerUsesAnEnd(string engine)
    {
        var (source, target) = (await FilledAsync(engine), await FilledAsync(engine));
        foreach (var end in new[] { source, target })
        {
            end.Script(Start, StartThere);
            var copying = RefusalAsync(source, target, new StoreCopy(TimeProvider.System) { Replaces = true, Silence = TimeSpan.FromMinutes(1) });
            while (!copying.IsCompleted)
            {
                end.Script("UPDATE servers SET beats = beats + 1", "UPDATE symbolon.servers SET beats = beats + 1");
                await Task.Yield();
            }

            Assert.Contains(end == source ? "A server uses the source" : "A server uses the target", await copying, StringComparison.Ordinal);
            end.Script("UPDATE servers SET beats = 0", "UPDATE symbolon.servers SET beats = 0");
        }
    }

    [Fact]
    public async Task Run_Copies_WhenTheServersAreSilent()
    {
        var (source, target) = (await FilledAsync("sqlite"), await NewAsync("sqlite"));
        source.Script(Start, StartThere);
        var report = await new StoreCopy(TimeProvider.System) { Silence = TimeSpan.Zero }.RunAsync(source.From, target.To, default);
        Assert.Empty(report.Differences);
    }

    [Fact]
    public async Task Run_Refuses_WhenAServerStartsOnTheSourceMeanwhile()
    {
        // The target's first row starts a server on the source, as somebody might by mistake.
        var (source, target) = (await FilledAsync("postgresql"), await NewAsync("sqlite"));
        var copy = new StoreCopy(TimeProvider.System) { Copying = () => source.Script("", StartThere) };
        Assert.Contains("started on the source", await RefusalAsync(source, target, copy), StringComparison.Ordinal);
        Assert.All((await target.ContentsAsync()).Where(table => table.Key != "system"), table => Assert.Empty(table.Value));
    }

    [Fact]
    public async Task Run_CopiesASnapshot_WhenAServerGoesOnWithTheSource()
    {
        foreach (var engine in new[] { "sqlite", "postgresql" })
        {
            var (source, target) = (await FilledAsync(engine), await NewAsync("sqlite"));
            source.Script(Start, StartThere);
            var before = await source.ContentsAsync();
            var copy = new StoreCopy(TimeProvider.System) { IsOnline = true, Copying = () => source.Script("DELETE FROM users; UPDATE servers SET beats = 2", "DELETE FROM symbolon.users; UPDATE symbolon.servers SET beats = 2") };
            Assert.Empty((await copy.RunAsync(source.From, target.To, default)).Differences);
            Assert.Equal(before, await target.ContentsAsync());
        }
    }

    [Fact]
    public async Task Run_Refuses_WhenAnEndCannotBeOpened()
    {
        var (filled, empty) = (await FilledAsync("sqlite"), await NewAsync("sqlite"));
        Assert.Contains("--from: There is no file", await RefusalAsync(empty, filled), StringComparison.Ordinal);
        Assert.False(File.Exists(empty.File));
        File.WriteAllBytes(empty.File, []);
        Assert.Contains("holds nothing", await RefusalAsync(empty, filled), StringComparison.Ordinal);

        filled.Script("PRAGMA user_version=1", "");
        Assert.Contains("older version", await RefusalAsync(filled, empty), StringComparison.Ordinal);

        var database = await NewAsync("postgresql");
        database.Script("", "UPDATE symbolon.schema SET version = version + 1");
        Assert.Contains("newer version", await RefusalAsync(database, empty), StringComparison.Ordinal);
        database.Script("", "DROP SCHEMA symbolon CASCADE");
        Assert.Contains("holds nothing", await RefusalAsync(database, empty), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("symbolon.db")]
    [InlineData("mysql:Host=db;Password=secret-1")]
    [InlineData("postgresql:Host=db;Database=x;Pass word=secret-1;;=")]
    [InlineData("postgresql:Host=127.0.0.1;Port=1;Database=x;Username=u;Password=secret-1")]
    [InlineData("sqlite:Host=db;Password=secret-1")]
    [InlineData("sqlite:/missing/symbolon.db")]
    [InlineData("sqlite:Data Source=/missing/symbolon.db")]
    public async Task Address_RefusesWithoutRepeatingSecrets_WhenItNamesNoStore(string address)
    {
        var refusal = await Assert.ThrowsAsync<StorageStartException>(async () => await StoreAddress.Parse("--to", address).OpenTargetAsync(default));
        Assert.StartsWith("--to", refusal.Message, StringComparison.Ordinal);
        foreach (var text in new[] { "secret-1", "ConnectionStrings" }) Assert.DoesNotContain(text, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<Place> NewAsync(string engine) => Kept(await Place.NewAsync(engine));

    private async Task<Place> FilledAsync(string engine) => Kept(await Place.FilledAsync(engine));

    private Place Kept(Place place)
    {
        places.Add(place);
        return place;
    }

    private static async Task<string> RefusalAsync(Place from, Place to, StoreCopy? copy = null) =>
        (await Assert.ThrowsAsync<StorageStartException>(() => (copy ?? new StoreCopy(TimeProvider.System)).RunAsync(from.From, to.To, default))).Message;
}
