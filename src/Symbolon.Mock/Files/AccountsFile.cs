using Symbolon.Authority.Accounts;

namespace Symbolon.Mock.Files;

/// <summary>Reads <c>accounts.json</c>.</summary>
internal static class AccountsFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    private const int MaxAccounts = 10_000, LongestName = 254, LongestPassword = 256; // what a log-in takes
    private const string Name = "username", OtherName = "identifier";
    private static readonly string[] Known = [Name, OtherName, "password", "roles", "display_name", "email", "disabled"];

    /// <summary>The accounts, or every mistake.</summary>
    public static MockFile<IReadOnlyList<MockAccount>> Parse(string file, ReadOnlyMemory<byte> bytes)
    {
        var mistakes = new List<MockFileMistake>();
        var accounts = new List<MockAccount>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in ObjectList.Of(file, bytes, new ListShape(MaxSize, MaxAccounts, "accounts", "an account"), mistakes))
        {
            var members = new MemberReader(file, item, mistakes);
            if (ReadAccount(members) is not { } account) continue;
            var line = members.LineOf(members.Has(Name) ? Name : OtherName);
            if (lines.TryAdd(Same(account.UserName), line)) accounts.Add(account);
            else members.Refuse(line, $"the account \"{account.UserName}\" stands twice, first in line {lines[Same(account.UserName)]} (case makes no difference)");
        }

        return mistakes.Count == 0 ? new MockFile<IReadOnlyList<MockAccount>>.Read(accounts)
            : new MockFile<IReadOnlyList<MockAccount>>.Refused([.. mistakes.OrderBy(mistake => mistake.Line)]);
    }

    // As the engine compares names: é is one letter, or e and its accent.
    private static string Same(string name) => name.Normalize().ToUpperInvariant();

    private static MockAccount? ReadAccount(MemberReader members)
    {
        members.RefuseOthers("an account", Known);
        if (members.Has(Name) && members.Has(OtherName)) members.Refuse(members.LineOf(OtherName), $"write \"{Name}\" or \"{OtherName}\", not both");
        if (!members.Has(Name) && !members.Has(OtherName)) members.Refuse(members.LineOf(Name), $"the account has no \"{Name}\"");
        if (!members.Has("password")) members.Refuse(members.LineOf("password"), "the account has no \"password\"");

        var name = members.Text(members.Has(Name) ? Name : OtherName, LongestName);
        var password = members.Text("password", LongestPassword);
        var roles = members.Texts("roles", RoleRules.IsRole, $"a role: {RoleRules.OneForm}");
        if (roles is not null && !RoleRules.Fit(roles)) members.Refuse(members.LineOf("roles"), $"\"roles\" must be {RoleRules.Form}: they stand in each access token");
        var (displayName, email, disabled) = (members.Text("display_name", LongestName), members.Text("email", LongestName), members.Flag("disabled"));
        return name is null ? null : new MockAccount(name, password ?? "", roles ?? []) { DisplayName = displayName, Email = email, IsDisabled = disabled ?? false };
    }
}
