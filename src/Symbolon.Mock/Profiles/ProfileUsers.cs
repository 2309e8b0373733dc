using Symbolon.Authority.Accounts;

namespace Symbolon.Mock.Profiles;

/// <summary>The users of a profile, numbered. The engine has the accounts; here is only what it has no place for.</summary>
internal sealed class ProfileUsers
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ProfileFacts> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly AccountDirectory accounts;
    private int next;

    /// <summary>Numbers the accounts that a world starts with.</summary>
    public ProfileUsers(AccountDirectory accounts, IEnumerable<MockAccount> start, int firstId, bool keepsPasswords)
    {
        (this.accounts, next) = (accounts, firstId);
        foreach (var account in start) byName[account.UserName] = new ProfileFacts(next++, keepsPasswords ? account.Password : null);
    }

    /// <summary>The user of an account.</summary>
    public ProfileUser Of(Account account)
    {
        lock (gate)
        {
            if (!byName.TryGetValue(account.UserName, out var facts)) byName[account.UserName] = facts = new ProfileFacts(next++, Password: null);
            return new ProfileUser(account, facts);
        }
    }

    /// <summary>All users that have an account, by their number.</summary>
    public async Task<IReadOnlyList<ProfileUser>> AllAsync(CancellationToken ct)
    {
        List<string> names;
        lock (gate) names = [.. byName.OrderBy(pair => pair.Value.Id).Select(pair => pair.Key)];
        var users = new List<ProfileUser>();
        foreach (var name in names)
        {
            if (await FindAsync(name, ct) is { } user) users.Add(user);
        }

        return users;
    }

    /// <summary>The user of a user name, or null.</summary>
    public async Task<ProfileUser?> FindAsync(string userName, CancellationToken ct) =>
        await accounts.FindIdAsync(userName, ct) is { } id && await accounts.FindAsync(id, ct) is { } account ? Of(account) : null;

    /// <summary>Changes what the profile knows, and the name under which it does.</summary>
    public void Change(string userName, string newName, Func<ProfileFacts, ProfileFacts> change)
    {
        lock (gate)
        {
            var facts = byName.TryGetValue(userName, out var known) ? known : new ProfileFacts(next++, Password: null);
            byName.Remove(userName);
            byName[newName] = change(facts);
        }
    }

    /// <summary>Forgets a user.</summary>
    public void Remove(string userName)
    {
        lock (gate) byName.Remove(userName);
    }
}
