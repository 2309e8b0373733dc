using Symbolon.Edge.Processes;
using Symbolon.Storage;
using Symbolon.Testing;

namespace Symbolon.Edge.Faults;

/// <summary>The authority comes back with another log: verifiers take it from its beginning, and give up nothing that they know.</summary>
public sealed class OtherTimelineTests
{
    private const string Revoked = "token_revoked";

    [Fact]
    public async Task WhatIsKnownStaysKnown_WhenTheAuthorityComesBackFromABackup()
    {
        await using var server = await Authorities.StartAsync();
        using var authority = new AuthorityCalls(server);
        var starting = ApiProcess.StartAsync(new ApiSettings("edge", server.Address));
        SignedIn lost, known, honest;
        await using (var seed = await Seed.OpenAsync(server)) (lost, known, honest) = (await seed.StartAsync(), await seed.StartAsync(), await seed.StartAsync());
        await using var api = await starting;
        await api.AcceptsAsync(honest.AccessToken);
        var before = await api.ViewAsync();

        await server.KillAsync();
        var backup = Read(server.Folder);
        await server.StartAgainAsync();
        await EndAsync(authority, lost); // the backup does not know
        await api.SaysAsync(lost.AccessToken, Revoked);
        await server.KillAsync();
        Restore(server.Folder, backup);
        await server.StartAgainAsync();

        await OtherThanAsync(api, before.Timeline);
        await api.AcceptsAsync(honest.AccessToken);
        Assert.Equal(Revoked, await api.CheckAsync(lost.AccessToken));
        await EndAsync(authority, known);
        await api.SaysAsync(known.AccessToken, Revoked);
    }

    [Fact]
    public async Task ServiceGoesOn_WhenTheAuthorityForgetsEverything()
    {
        await using var server = await Authorities.StartAsync(("Symbolon:Storage:Provider", "memory"), ("Symbolon:MasterKeys:0:Id", "1"), ("Symbolon:MasterKeys:0:Value", Convert.ToBase64String(new byte[32])));
        using var authority = new AuthorityCalls(server);
        await using var api = await ApiProcess.StartAsync(new ApiSettings("edge", server.Address));
        var before = await NewUserAsync(authority);
        await api.AcceptsAsync(before.AccessToken);
        var timeline = (await api.ViewAsync()).Timeline;
        await EndAsync(authority, before);
        await api.SaysAsync(before.AccessToken, Revoked);

        await server.KillAsync();
        await server.StartAgainAsync();
        var after = await NewUserAsync(authority);
        await api.AcceptsAsync(after.AccessToken); // with a key that it had never seen
        Assert.NotNull(await api.CheckAsync(before.AccessToken));
        await OtherThanAsync(api, timeline);
        await EndAsync(authority, after);
        await api.SaysAsync(after.AccessToken, Revoked);
    }

    private static Task OtherThanAsync(ApiProcess api, string? timeline) =>
        Patiently.TrueAsync(async () => await api.ViewAsync() is { Timeline: not null } view && view.Timeline != timeline, () => $"The other log is not taken.\n{api.Output}");

    private static Task<SignedIn> NewUserAsync(AuthorityCalls authority) => authority.LogInAsync($"user-{Guid.NewGuid():n}", Seed.Password, register: true);

    private static Task<Answer> EndAsync(AuthorityCalls authority, SignedIn session) => authority.RequireAsync(HttpMethod.Post, "/auth/logout", body: new { refresh_token = session.RefreshToken });

    // The database, and what SQLite keeps beside it.
    private static Dictionary<string, byte[]> Read(string folder) => Directory.EnumerateFiles(folder, "symbolon.db*").ToDictionary(file => file, File.ReadAllBytes);

    private static void Restore(string folder, Dictionary<string, byte[]> backup)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "symbolon.db*")) File.Delete(file);
        foreach (var (file, bytes) in backup) File.WriteAllBytes(file, bytes);
        using var db = new StoreConnection(Path.Combine(folder, "symbolon.db"), create: false, Patiently.Patience);
        db.Execute("UPDATE system SET timeline = lower(hex(randomblob(16)))");
    }
}
