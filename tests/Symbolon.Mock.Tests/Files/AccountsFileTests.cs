using Symbolon.Mock.Files;

namespace Symbolon.Mock.Tests.Files;

public class AccountsFileTests
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "[{\"username\": \"ada\",\n\"password\": \"x\",\n\"roles\": 3}]", "3: \"roles\" must be an array of texts, but is a number" },
        { "[{\"username\": \"ada\", \"password\": \"x\", \"roles\":\n [\"a\",\n 1]}]", "3: \"roles\" must be an array of texts, but one entry is a number" },
        { "[{\"username\": \"ada\", \"password\": \"x\", \"roles\": [\"a\",\n\"A\"]}]", "2: \"roles\" has \"A\" twice" },
        { "[{\"username\": \"ada\", \"password\": \"x\", \"roles\": [\"\"]}]", "1: \"roles\" has \"\", which is not a role: 1 to 64 characters (letters, digits and . _ : -)" },
        { "[{\"username\": \"ada\", \"password\": \"x\",\n\"roles\": [\"super admin\"]}]", "2: \"roles\" has \"super admin\", which is not a role: 1 to 64 characters (letters, digits and . _ : -)" },
        { $"[{{\"username\": \"ada\", \"password\": \"x\",\n\"roles\": [{string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"r{i}\""))}]}}]",
            "2: \"roles\" must be at most 16 names of 1 to 64 characters (letters, digits and . _ : -), 200 in all: they stand in each access token" },
        { "[\n{\"username\": \"ada\",\n\"pasword\": \"x\"}]", "2: the account has no \"password\"\na:3: \"pasword\" is no member of an account; did you mean \"password\"? (known: username, identifier, password, roles, display_name, email, disabled)" },
        { "[{\"username\": \"ada\", \"password\": \"x\",\n\"colour\": 1}]", "2: \"colour\" is no member of an account (known: username, identifier, password, roles, display_name, email, disabled)" },
        { "[\n{\"username\": \"ada\", \"password\": \"x\"},\n\n{\"identifier\":\n\"ADA\", \"password\": \"y\"}]", "5: the account \"ADA\" stands twice, first in line 2 (case makes no difference)" },
        { "[{\"username\": \"\u00e9va\", \"password\": \"x\"},\n{\"username\": \"E\u0301VA\", \"password\": \"x\"}]", "2: the account \"E\u0301VA\" stands twice, first in line 1 (case makes no difference)" },
        { "[{\"username\": \"ada\",\n\"password\": \"" + new string('x', 257) + "\"}]", "2: \"password\" must have 1 to 256 characters, but has 257" },
        { "[{\"password\": \"x\"}]", "1: the account has no \"username\"" },
        { "[{\"username\": \"a\",\n\"identifier\": \"b\", \"password\": \"x\"}]", "2: write \"username\" or \"identifier\", not both" },
        { "[{\"username\": \"\", \"password\": \"x\"}]", "1: \"username\" must have 1 to 254 characters, but has 0" },
        { "[{\"username\": \"a\\u0007\", \"password\": \"x\"}]", "1: \"username\" holds a control character" },
        { "[{\"username\": \"ada\", \"password\": \"x\", \"disabled\":\n\"no\"}]", "2: \"disabled\" must be true or false, but is a text" },
        { "{\"username\": \"ada\"}", "1: the file must be an array of accounts, but is an object" },
        { "[1,\nnull]", "1: an account must be an object, but is a number\na:2: an account must be an object, but is null" },
        { "[{\"username\": \"ada\", \"password\": \"x\",\n\"password\": \"y\"}]", "2: \"password\" stands twice in one object, first in line 1" },
        { "[\n  {\"username\": \"ada\" \"password\": 1}\n]", "2: this is not JSON: '\"' is invalid after a value. Expected either ',', '}', or ']'" },
        { "[\n\n", "3: this is not JSON: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed" },
        { "\n// ada\n[]", "2: this is not JSON: '/' is an invalid start of a value; JSON has no comments" },
        { "[{\"username\": \"ada\", \"password\": \"x\"},\n]", "2: this is not JSON: The JSON array contains a trailing comma at the end which is not supported in this mode" },
        { "[]\n[]", "2: this is not JSON: '[' is invalid after a single JSON value. Expected end of data" },
        { "", "1: this is not JSON: The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true" },
        { "[{\"username\": \"a\",\n\"password\": \"\\ud800\"}]", "2: the text holds half of a surrogate pair, which is no character\na:2: \"password\" must have 1 to 256 characters, but has 0" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_SaysWhereAndWhat_WhenAFileIsWrong(string text, string expected) => Assert.Equal($"a:{expected}", FileText.Mistakes(AccountsFile.Parse("a", FileText.Bytes(text))));

    [Fact]
    public void Parse_FindsAllMistakes_InTheOrderOfLines()
    {
        var mistakes = FileText.Mistakes(AccountsFile.Parse("accounts.json", FileText.Bytes("[\n{\"username\": 1, \"password\": 2},\n{\"roles\": {}}\n]")));
        Assert.Equal(
            ["accounts.json:2: \"username\" must be a text, but is a number", "accounts.json:2: \"password\" must be a text, but is a number",
             "accounts.json:3: the account has no \"username\"", "accounts.json:3: the account has no \"password\"", "accounts.json:3: \"roles\" must be an array of texts, but is an object"],
            mistakes.Split('\n'));
    }

    [Fact]
    public void Parse_ReadsEveryMember()
    {
        var accounts = FileText.Value(AccountsFile.Parse("a", FileText.Bytes(
            """
            [{"username": "ada", "password": "pw", "roles": ["admin", "Editor"], "display_name": "Ada L.", "email": "ada@example.com"},
             {"identifier": "c@d.com", "password": "test", "disabled": true}]
            """)));
        Assert.Equal(["ada", "c@d.com"], accounts.Select(account => account.UserName));
        Assert.Equal(("pw", "Ada L.", "ada@example.com", false), (accounts[0].Password, accounts[0].DisplayName, accounts[0].Email, accounts[0].IsDisabled));
        Assert.Equal(["admin", "Editor"], accounts[0].Roles);
        Assert.True(accounts[1].IsDisabled);
    }

    [Fact]
    public void Parse_TakesAByteOrderMark() => Assert.Empty(FileText.Value(AccountsFile.Parse("a", FileText.Bytes("\uFEFF[]"))));

    [Fact]
    public void Parse_SaysTheLine_WhenTextIsNotUtf8() =>
        Assert.Equal("a:2: this is not UTF-8 text", FileText.Mistakes(AccountsFile.Parse("a", (byte[])[(byte)'[', (byte)'\n', (byte)'"', 0xff, (byte)'"', (byte)']'])));

    [Fact]
    public void Parse_ReadsNothing_WhenTheFileIsTooLarge() =>
        Assert.Equal($"a:1: the file has over {AccountsFile.MaxSize} bytes", FileText.Mistakes(AccountsFile.Parse("a", new byte[AccountsFile.MaxSize + 1])));

    [Fact]
    public void Parse_Refuses_WhenNestedTooDeeply() => Assert.StartsWith("a:1: this is not JSON: The maximum configured depth", FileText.Mistakes(AccountsFile.Parse("a", FileText.Bytes(new string('[', 100)))));

    [Fact]
    public void Account_ShowsNoPassword_WhenPrinted() => Assert.DoesNotContain("secret", $"{new MockAccount("ada", "secret")}");
}
