using Symbolon.Authority.Accounts;

namespace Symbolon.Authority.InMemory;

/// <summary>The server's own accounts in memory.</summary>
internal sealed class InMemoryUserStore : SymbolonUserStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SymbolonUser> users = [];

    public override Task<SymbolonUser?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        lock (gate) return Task.FromResult(users.GetValueOrDefault(userId)?.Copy());
    }

    public override Task<SymbolonUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Find(user => user.NormalizedUserName == normalizedUserName);

    public override Task<SymbolonUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        Find(user => user.NormalizedEmail == normalizedEmail);

    public override Task<IList<SymbolonUser>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken)
    {
        var role = SymbolonUser.RoleOf(roleName);
        lock (gate) return Task.FromResult<IList<SymbolonUser>>([.. users.Values.Where(user => user.Roles.Contains(role)).Select(user => user.Copy())]);
    }

    protected override Task<Commit> InsertAsync(SymbolonUser user, CancellationToken ct)
    {
        lock (gate)
        {
            if (IsTaken(user)) return Task.FromResult(Commit.NameTaken);
            users.Add(user.Id, user.Copy());
            return Task.FromResult(Commit.Done);
        }
    }

    protected override Task<Commit> UpdateAsync(SymbolonUser user, string stamp, CancellationToken ct)
    {
        lock (gate)
        {
            if (IsTaken(user)) return Task.FromResult(Commit.NameTaken);
            if (!IsUnchanged(user)) return Task.FromResult(Commit.Changed);
            var copy = user.Copy();
            copy.ConcurrencyStamp = stamp;
            users[user.Id] = copy;
            return Task.FromResult(Commit.Done);
        }
    }

    protected override Task<Commit> RemoveAsync(SymbolonUser user, CancellationToken ct)
    {
        lock (gate) return Task.FromResult(IsUnchanged(user) && users.Remove(user.Id) ? Commit.Done : Commit.Changed);
    }

    private Task<SymbolonUser?> Find(Func<SymbolonUser, bool> which)
    {
        lock (gate)
            return Task.FromResult(users.Values.Where(which).OrderBy(user => user.CreatedAt).ThenBy(user => user.Id, StringComparer.Ordinal).FirstOrDefault()?.Copy());
    }

    private bool IsTaken(SymbolonUser user) => users.Values.Any(other => other.NormalizedUserName == user.NormalizedUserName && other.Id != user.Id);

    private bool IsUnchanged(SymbolonUser user) => users.TryGetValue(user.Id, out var row) && row.ConcurrencyStamp == user.ConcurrencyStamp;
}
