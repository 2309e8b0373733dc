using Microsoft.Extensions.Options;
using Symbolon.Client.Stores;
using Symbolon.Client.Tests.Support;
using Symbolon.Testing;

namespace Symbolon.Client.Tests.Stores;

/// <summary>What every store keeps, and what files keep besides.</summary>
public sealed class TokenStoreTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-");

    private string Tokens => Path.Combine(folder.FullName, "tokens");

    private string TokenPath => Path.Combine(Tokens, "default.token");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Save_ComparesAndSwaps(bool isFile)
    {
        ITokenStore store = isFile ? new FileTokenStore(Tokens) : new MemoryTokenStore();
        Assert.Null(await store.LoadAsync("a", default));
        await store.ClearAsync("a", default);
        Assert.False(await store.TrySaveAsync("a", Token(6), 5, default));
        Assert.True(await store.TrySaveAsync("a", Token(6), null, default));
        Assert.False(await store.TrySaveAsync("a", Token(7), null, default));
        Assert.False(await store.TrySaveAsync("a", Token(7), 5, default));
        Assert.True(await store.TrySaveAsync("a", Token(7) with { Attempt = "x" }, 6, default));
        Assert.Equal(Token(7) with { Attempt = "x" }, await store.LoadAsync("a", default));
        Assert.Null(await store.LoadAsync("b", default));
        await store.ClearAsync("a", default);
        Assert.Null(await store.LoadAsync("a", default));
        Assert.False(await store.TrySaveAsync("a", Token(8), 7, default));
    }

    [Fact]
    public async Task File_TakesOneOfManyWriters()
    {
        var stores = Enumerable.Range(0, 8).Select(_ => new FileTokenStore(Tokens)).ToList();
        for (var version = 1; version <= 20; version++)
        {
            var saved = await Task.WhenAll(stores.Select((store, i) => Task.Run(async () => await store.TrySaveAsync("a", Token(version) with { SessionId = $"{i}" }, version == 1 ? null : version - 1, default))));
            Assert.Single(saved, isSaved => isSaved);
        }
    }

    [Fact]
    public async Task File_IsItsOwnersAlone()
    {
        var store = new FileTokenStore(Tokens);
        await store.TrySaveAsync("default", Token(1), null, default);
        await store.TrySaveAsync("Default", Token(1), null, default);
        await store.TrySaveAsync("../../etc/passwd", Token(1), null, default);

        Assert.Equal(3, Directory.GetFiles(Tokens, "*.token").Length);
        Assert.Empty(Directory.GetFiles(Tokens, "*.new"));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Tokens));
        foreach (var file in Directory.GetFiles(Tokens)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task File_IsRefused_WhenOthersMayReadIt()
    {
        if (OperatingSystem.IsWindows()) return;
        var store = new FileTokenStore(Tokens);
        await store.TrySaveAsync("default", Token(1), null, default);
        File.SetUnixFileMode(TokenPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await using var authority = await TestAuthority.StartAsync();
        using var client = authority.Client(store: store);

        var refused = await Assert.ThrowsAsync<TokenStoreException>(async () => await client.Session.GetTokenAsync());

        Assert.Contains("others may read it", refused.Message);
    }

    [Fact]
    public async Task Folder_IsRefused_WhenOthersMayWriteToIt()
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(Tokens);
        File.SetUnixFileMode(Tokens, (UnixFileMode)0x1FF); // rwxrwxrwx
        var refused = await Assert.ThrowsAsync<TokenStoreException>(async () => await new FileTokenStore(Tokens).TrySaveAsync("default", Token(1), null, default));
        Assert.Contains("chmod 700", refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":1,\"token_version\":1,\"session_id\":\"s\"}")]
    public async Task BrokenFile_CountsAsNobodySignedIn(string content)
    {
        var store = new FileTokenStore(Tokens);
        await store.TrySaveAsync("default", Token(1), null, default);
        await File.WriteAllTextAsync(TokenPath, content);
        await using var authority = await TestAuthority.StartAsync();
        using var client = authority.Client(store: store);

        Assert.Null(await client.Session.GetTokenAsync());
        await client.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password));
        Assert.Equal(200, await client.CallAsync());
    }

    [Fact]
    public async Task Protection_HidesTheTokens()
    {
        var store = Protected(bytes => [.. bytes.Select(b => (byte)(b ^ 0x5A))]);
        await store.TrySaveAsync("default", Token(1), null, default);
        Assert.Equal(Token(1), await store.LoadAsync("default", default));
        Assert.DoesNotContain("refresh-secret", await File.ReadAllTextAsync(TokenPath));
        var otherKey = Protected(_ => throw new System.Security.Cryptography.CryptographicException("wrong key"));
        Assert.Null(await otherKey.LoadAsync("default", default));
        Assert.Throws<ArgumentException>(() => new FileTokenStore(Options.Create(new FileTokenStoreOptions { Protect = bytes => bytes })));
    }

    [Fact]
    public async Task FailingStore_IsATypedError_AndNobodyIsSignedOut()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync(store: new FileTokenStore(Tokens));
        Directory.Move(Tokens, Tokens + ".away");
        await File.WriteAllTextAsync(Tokens, "not a folder");
        authority.Time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(RefreshOutcome.Kept, await client.Session.RefreshAsync());
        Assert.Equal(0, authority.Refreshes); // without its attempt written down nothing is sent
        Assert.Equal(401, await client.CallAsync());
        using var fresh = authority.Client(store: new FileTokenStore(Tokens));
        await Assert.ThrowsAsync<TokenStoreException>(async () => await fresh.Session.LoginAsync(new LoginRequest(TestAuthority.User, TestAuthority.Password)));
        Assert.Empty(client.Ends);
    }

    [Theory]
    [InlineData(".lock")]
    [InlineData(".refresh")]
    public async Task LockThatCannotBeOpened_IsNotWaitedFor(string which)
    {
        var time = new FiringTime(); // stands: who waits does so for ever
        var store = new FileTokenStore(Options.Create(new FileTokenStoreOptions { Directory = Tokens }), log: null, time);
        Directory.CreateDirectory(TokenPath + which);

        if (which == ".lock") Assert.Contains("default.token.lock", (await Assert.ThrowsAsync<TokenStoreException>(() => Bounded(store.ClearAsync("default", default).AsTask()))).Message);
        else Assert.Null(await Bounded(store.LockAsync("default", TimeSpan.FromSeconds(12)))); // it only saves work
    }

    [Fact]
    public async Task File_IsWhole_AlsoWhereLocksDoNotWork()
    {
        await new FileTokenStore(Tokens).TrySaveAsync("default", Token(1), null, default);
        var contents = Enumerable.Range(1, 4).Select(i => Enumerable.Repeat((byte)i, i * 30_000).ToArray()).ToList();
        TokenFile.Replace(TokenPath, contents[0]);

        await Task.WhenAll(contents.SelectMany(bytes => new[]
        {
            Task.Run(() => { for (var i = 0; i < 50; i++) TokenFile.Replace(TokenPath, bytes); }),
            Task.Run(() =>
            {
                for (var i = 0; i < 200; i++)
                {
                    var read = TokenFile.Read(TokenPath)!;
                    Assert.Contains(contents, one => one.AsSpan().SequenceEqual(read));
                }
            }),
        }));

        Assert.Empty(Directory.GetFiles(Tokens, "*.new"));
    }

    [Fact]
    public async Task Clear_LeavesNoTokenBehind_WhenAWriterWasKilled()
    {
        var store = new FileTokenStore(Tokens);
        await store.TrySaveAsync("default", Token(1), null, default);
        await store.TrySaveAsync("default2", Token(1), null, default);
        foreach (var of in new[] { TokenPath, Path.Combine(Tokens, "default2.token") }) await File.WriteAllTextAsync($"{of}.1a2b.new", "half a tok");

        await store.ClearAsync("default", default);

        Assert.Equal(["default2.token", "default2.token.1a2b.new"], Directory.GetFiles(Tokens, "*.token*").Select(Path.GetFileName).Where(name => Path.GetExtension(name) != ".lock").Order());
    }

    private static Task<T> Bounded<T>(Task<T> task) => task.WaitAsync(Patiently.Patience);

    private static Task Bounded(Task task) => task.WaitAsync(Patiently.Patience);

    public void Dispose() => folder.Delete(recursive: true);

    private FileTokenStore Protected(Func<byte[], byte[]> unprotect) => new(Options.Create(new FileTokenStoreOptions
    {
        Directory = Tokens, Protect = bytes => [.. bytes.Select(b => (byte)(b ^ 0x5A))], Unprotect = unprotect,
    }));

    private static StoredToken Token(long version) => new()
    {
        Version = version, TokenVersion = version, SessionId = "s", Generation = 1, AccessToken = "access-secret", RefreshToken = "refresh-secret",
        ReceivedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Lifetime = TimeSpan.FromMinutes(10),
    };
}
