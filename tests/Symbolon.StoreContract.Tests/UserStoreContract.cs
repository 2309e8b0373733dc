using Microsoft.AspNetCore.Identity;
using Symbolon.Authority.Accounts;
using static Symbolon.StoreContract.Records;

namespace Symbolon.StoreContract;

/// <summary>The server's own accounts, as ASP.NET Core Identity uses them.</summary>
public abstract class UserStoreContract : IDisposable
{
    private readonly Stores stores;

    private protected UserStoreContract(Stores stores) => this.stores = stores;

    private SymbolonUserStore Users => (SymbolonUserStore)stores.Users;

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Create_KeepsEveryMember()
    {
        var user = User("Zoë");
        (user.Email, user.NormalizedEmail, user.EmailConfirmed) = ("z@example.org", "Z@EXAMPLE.ORG", true);
        (user.DisplayName, user.PasswordHash, user.SecurityStamp, user.Roles) = ("Zoë \"Z\"", "hash", "stamp", ["admin", "it's"]);
        Assert.True((await Users.CreateAsync(user, default)).Succeeded);
        foreach (var found in new[] { await Users.FindByIdAsync(user.Id, default), await Users.FindByNameAsync("ZOË", default), await Users.FindByEmailAsync("Z@EXAMPLE.ORG", default) })
            Assert.Equivalent(user, found, strict: true);
    }

    [Fact]
    public async Task Find_AnswersNull_WhenThereIsNone()
    {
        Assert.Null(await Users.FindByIdAsync("x", default));
        Assert.Null(await Users.FindByNameAsync("X", default));
        Assert.Null(await Users.FindByEmailAsync("X", default));
    }

    [Fact]
    public async Task Create_LetsOneThrough_WhenManyRegisterTheSameName()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Users.CreateAsync(User("ann"), default))));
        Assert.Single(results, result => result.Succeeded);
        Assert.All(results.Where(result => !result.Succeeded), result => Assert.Equal(nameof(IdentityErrorDescriber.DuplicateUserName), Assert.Single(result.Errors).Code));
    }

    [Fact]
    public async Task Update_WritesAndRenewsTheStamp_WhenUnchanged()
    {
        await Users.CreateAsync(User("ann"), default);
        var user = (await Users.FindByNameAsync("ANN", default))!;
        var stamp = user.ConcurrencyStamp;
        user.DisplayName = "Ann";
        Assert.True((await Users.UpdateAsync(user, default)).Succeeded);
        Assert.NotEqual(stamp, user.ConcurrencyStamp);
        Assert.Equivalent(user, await Users.FindByIdAsync(user.Id, default), strict: true);
        Assert.True((await Users.UpdateAsync(user, default)).Succeeded);
    }

    [Fact]
    public async Task Update_Fails_WhenSomebodyElseWroteSinceTheRead()
    {
        await Users.CreateAsync(User("ann"), default);
        var (mine, theirs) = ((await Users.FindByNameAsync("ANN", default))!, (await Users.FindByNameAsync("ANN", default))!);
        theirs.DisplayName = "theirs";
        await Users.UpdateAsync(theirs, default);
        mine.DisplayName = "mine";
        Assert.Equal(nameof(IdentityErrorDescriber.ConcurrencyFailure), Assert.Single((await Users.UpdateAsync(mine, default)).Errors).Code);
        Assert.Equal(nameof(IdentityErrorDescriber.ConcurrencyFailure), Assert.Single((await Users.DeleteAsync(mine, default)).Errors).Code);
        Assert.Equal("theirs", (await Users.FindByIdAsync(mine.Id, default))!.DisplayName);
    }

    [Fact]
    public async Task Update_Fails_WhenTheNewNameIsTaken()
    {
        await Users.CreateAsync(User("ann"), default);
        var user = User("bob");
        await Users.CreateAsync(user, default);
        (user.UserName, user.NormalizedUserName) = ("ann", "ANN");
        Assert.Equal(nameof(IdentityErrorDescriber.DuplicateUserName), Assert.Single((await Users.UpdateAsync(user, default)).Errors).Code);
        Assert.NotNull(await Users.FindByNameAsync("BOB", default));
    }

    [Fact]
    public async Task Delete_RemovesTheRow_AndFreesTheName()
    {
        var user = User("ann");
        await Users.CreateAsync(user, default);
        Assert.True((await Users.DeleteAsync(user, default)).Succeeded);
        Assert.Null(await Users.FindByIdAsync(user.Id, default));
        Assert.True((await Users.CreateAsync(User("ann"), default)).Succeeded);
    }

    [Fact]
    public async Task Find_AnswersACopy_SoThatNothingIsWrittenUnasked()
    {
        await Users.CreateAsync(User("ann"), default);
        var user = (await Users.FindByNameAsync("ANN", default))!;
        user.Roles.Add("admin");
        Assert.Empty((await Users.FindByNameAsync("ANN", default))!.Roles);
    }

    [Fact]
    public async Task Roles_AreLowerCase_WhateverCaseTheyComeIn()
    {
        var user = User("ann");
        await Users.AddToRoleAsync(user, "ADMIN", default);
        await Users.AddToRoleAsync(user, "admin", default);
        await Users.AddToRoleAsync(user, "AUDIT", default);
        await Users.CreateAsync(user, default);
        await Users.CreateAsync(User("bob"), default);
        Assert.Equal(["admin", "audit"], await Users.GetRolesAsync(user, default));
        Assert.True(await Users.IsInRoleAsync(user, "Admin", default));
        Assert.Equal(user.Id, Assert.Single(await Users.GetUsersInRoleAsync("ADMIN", default)).Id);
        await Users.RemoveFromRoleAsync(user, "ADMIN", default);
        await Users.UpdateAsync(user, default);
        Assert.Empty(await Users.GetUsersInRoleAsync("admin", default));
    }

    private static SymbolonUser User(string name) => new() { UserName = name, NormalizedUserName = name.ToUpperInvariant(), CreatedAt = T0 };
}

public sealed class InMemoryUserStoreTests() : UserStoreContract(new InMemoryStores());

public sealed class SqliteUserStoreTests() : UserStoreContract(new SqliteStores());

public sealed class PostgresUserStoreTests() : UserStoreContract(new PostgresStores());
