using Microsoft.AspNetCore.Identity;
using Symbolon.Authority.Accounts;
using Symbolon.Authority.InMemory;
using Symbolon.Authority.Ports;
using Symbolon.Storage;

namespace Symbolon.StoreContract;

/// <summary>One implementation of all ports, new and empty, and the clock it reads.</summary>
internal abstract class Stores : IDisposable
{
    public ManualTime Time { get; } = new();

    public abstract ISessionStore Sessions { get; }

    public abstract ISubjectStore Subjects { get; }

    public abstract IRevocationLog Revocations { get; }

    public abstract IKeyStore Keys { get; }

    public abstract IEventLog Events { get; }

    public abstract IServerRegistry Servers { get; }

    public abstract IUserStore<SymbolonUser> Users { get; }

    public abstract void Dispose();
}

internal sealed class InMemoryStores : Stores
{
    private readonly InMemoryState state;

    public InMemoryStores() => state = new InMemoryState(Time);

    public override ISessionStore Sessions => new InMemorySessionStore(state);

    public override ISubjectStore Subjects => new InMemorySubjectStore(state);

    public override IRevocationLog Revocations => new InMemoryRevocationLog(state);

    public override IKeyStore Keys => new InMemoryKeyStore(state);

    public override IEventLog Events => new InMemoryEventLog(state);

    public override IServerRegistry Servers => new InMemoryServerRegistry(state);

    public override IUserStore<SymbolonUser> Users { get; } = new InMemoryUserStore();

    public override void Dispose() { }
}

internal sealed class SqliteStores : Stores
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-store-");

    public SqliteStores(Action<SqliteOptions>? configure = null)
    {
        var options = new SqliteOptions { DataSource = Path.Combine(folder.FullName, "symbolon.db") };
        configure?.Invoke(options);
        File = options.DataSource;
        Database = new SqliteDatabase(options, Time);
        Database.Open();
    }

    public string File { get; }

    public SqliteDatabase Database { get; }

    public override ISessionStore Sessions => new SqliteSessionStore(Database);

    public override ISubjectStore Subjects => new SqliteSubjectStore(Database);

    public override IRevocationLog Revocations => new SqliteRevocationLog(Database);

    public override IKeyStore Keys => new SqliteKeyStore(Database);

    public override IEventLog Events => new SqliteEventLog(Database);

    public override IServerRegistry Servers => new SqliteServerRegistry(Database);

    public override IUserStore<SymbolonUser> Users => new SqliteUserStore(Database);

    public override void Dispose()
    {
        Database.Dispose();
        folder.Delete(recursive: true);
    }
}
