using Symbolon.Authority.Tests.Support;

namespace Symbolon.Authority.Tests.SignIn;

/// <summary>DESIGN §8: names NFKC-normalised, compared without case, letters and digits of Unicode and . _ - @, 3 to 64; passwords 8 to 256.</summary>
public sealed class NameRulesTests(SqliteServerFixture fixture) : IClassFixture<SqliteServerFixture>
{
    private readonly TestServer server = fixture.Server;

    [Theory]
    [InlineData("abc")]
    [InlineData("a.b_c-d@e")]
    [InlineData("ünïcödé")]
    [InlineData("李小龍")]
    [InlineData("Ωmega42")]
    [InlineData("𝒜𝒷𝒸𝒹")]
    public async Task Register_Accepts(string name)
    {
        (await RegisterAsync(name)).Is(201);
        (await server.LoginAsync(name)).Is(200);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("a b")]
    [InlineData(" abc")]
    [InlineData("abc ")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("<abc>")]
    [InlineData("abc\u200b")]
    [InlineData("abc\u202e")]
    [InlineData("abc\u00a0")]
    [InlineData("😀😀😀")]
    [InlineData("abc'--")]
    public async Task Register_Refuses(string name) => (await RegisterAsync(name)).IsProblem(400, "request_malformed");

    [Fact]
    public async Task Register_BoundsTheLength()
    {
        (await RegisterAsync(new string('n', 64))).Is(201);
        (await RegisterAsync(new string('n', 65))).IsProblem(400, "request_malformed");
    }

    [Theory]
    [InlineData("Straßenbahn", "STRASSENBAHN", false)]
    [InlineData("caseless", "CaseLess", true)]
    [InlineData("ﬁne-ligature", "fine-ligature", true)]
    [InlineData("ｆｕｌｌｗｉｄｔｈ", "fullwidth", true)]
    [InlineData("re\u0301sume", "r\u00e9sume", true)]
    [InlineData("ÄRGER", "ärger", true)]
    public async Task Names_AreOne_WhenTheyLookAlike(string one, string other, bool same)
    {
        (await RegisterAsync(one)).Is(201);

        if (same) (await RegisterAsync(other)).IsProblem(409, "username_taken");
        (await server.LoginAsync(other)).Is(same ? 200 : 401);
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("password")]
    [InlineData("PASSWORD")]
    [InlineData("qwertyui")]
    [InlineData("iloveyou")]
    [InlineData("symbolon")]
    [InlineData("Symbolon123")]
    [InlineData("symbolon2026!")]
    public async Task Register_RefusesThePassword(string password) =>
        (await server.PostAsync("/auth/register", new { username = TestServer.NewName(), password })).IsProblem(400, "password_too_weak");

    [Fact]
    public async Task Register_RefusesThePassword_ThatIsTheName()
    {
        var name = "the-name-itself";

        (await server.PostAsync("/auth/register", new { username = name, password = "The-Name-Itself" })).IsProblem(400, "password_too_weak");
    }

    [Theory]
    [InlineData("aaaaaaab")]
    [InlineData("three unrelated words")]
    [InlineData("пароль-длинный")]
    public async Task Register_AsksForNoComposition(string password)
    {
        var name = TestServer.NewName();

        (await server.PostAsync("/auth/register", new { username = name, password })).Is(201);

        (await server.LoginAsync(name, password)).Is(200);
        (await server.LoginAsync(name, password + " ")).Is(401);
    }

    [Fact]
    public async Task Register_BoundsTheLengthOfAPassword()
    {
        var name = TestServer.NewName();
        var longest = string.Concat(Enumerable.Range(0, 64).Select(i => $"{i:0000}"));

        (await server.PostAsync("/auth/register", new { username = name, password = longest })).Is(201);

        (await server.LoginAsync(name, longest)).Is(200);
        (await server.LoginAsync(name, longest[..255])).Is(401);
        (await server.PostAsync("/auth/register", new { username = TestServer.NewName(), password = longest + "5" })).IsProblem(400, "request_malformed");
    }

    private Task<Answer> RegisterAsync(string name) => server.PostAsync("/auth/register", new { username = name, password = TestServer.Password });
}
