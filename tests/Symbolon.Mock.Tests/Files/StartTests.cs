using System.IO.Pipes;
using Symbolon.Testing;

namespace Symbolon.Mock.Tests.Files;

/// <summary>A mock that is wished for wrongly does not start, and says why.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-mock-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Start_NamesFileLineAndWhatWasExpected()
    {
        var file = Path.Combine(folder.FullName, "accounts.json");
        await File.WriteAllTextAsync(file, "[\n{\"username\": \"ada\", \"password\": \"x\"},\n{\"username\": \"bob\", \"password\": \"x\", \"roles\": 3}\n]");
        Assert.Equal($"{file}:3: \"roles\" must be an array of texts, but is a number", await RefusalAsync(options => options.AccountsFile = file));
    }

    [Fact]
    public async Task Start_NamesTheFile_WhenItIsNotThere()
    {
        var file = Path.Combine(folder.FullName, "routes.json");
        Assert.StartsWith($"{file}: the file cannot be read: ", await RefusalAsync(options => options.RoutesFile = file), StringComparison.Ordinal);
        Assert.StartsWith($"{folder.FullName}: the file cannot be read: ", await RefusalAsync(options => options.DataFile = folder.FullName), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TellsTheFirstHundredMistakes()
    {
        var file = Path.Combine(folder.FullName, "accounts.json");
        await File.WriteAllTextAsync(file, $"[{string.Join(",\n", Enumerable.Repeat("1", 130))}]");
        var lines = (await RefusalAsync(options => options.AccountsFile = file)).Split(Environment.NewLine);
        Assert.Equal(($"{file}:1: an account must be an object, but is a number", $"{file}:100: an account must be an object, but is a number", $"{file}: and 30 more mistakes"), (lines[0], lines[^2], lines[^1]));
    }

    [Fact]
    public async Task Start_ReadsAPipe()
    {
        if (OperatingSystem.IsWindows()) return;
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var end = pipe.ClientSafePipeHandle;
        pipe.Write("[{\"username\": \"ada\", \"password\": \"ada\"}]"u8);
        pipe.Dispose();
        await using var mock = await SymbolonMockFactory.StartAsync(options => options.AccountsFile = $"/dev/fd/{end.DangerousGetHandle()}", TestContext.Current.CancellationToken);
        using var client = mock.CreateClient();
        await client.LogInAsync("ada");
    }

    [Fact]
    public async Task Start_KnowsTheProfiles() => Assert.Equal(
        "There is no profile 'mock-user-aut'. Did you mean 'mock-user-auth'? Known: mock-auth-backend, mock-user-auth, fake-api-jwt-json-server, full-mocks-api, react-jwt-authentication-example, "
        + "node-jwt-authentication-api, react-role-based-authorization-example, node-mongo-jwt-refresh-tokens-api.",
        await RefusalAsync(options => options.Profile = "mock-user-aut"));

    [Fact]
    public async Task Start_RefusesWhatAProfileHasNoUseFor()
    {
        var data = Path.Combine(Repository.Root, "samples", "mock", "db.json");
        Assert.Equal("The profile 'mock-user-auth' serves no data. Leave out the data file.", await RefusalAsync(options => (options.Profile, options.DataFile) = ("mock-user-auth", data)));
        Assert.Equal("The profile 'mock-user-auth' has its own routes. Leave out the routes.", await RefusalAsync(options =>
        {
            options.Profile = "mock-user-auth";
            options.Routes.Add(new MockRoute("/x"));
        }));
        Assert.Equal("The profile 'mock-auth-backend' takes routes with one role and without *, but not '/x/*'.", await RefusalAsync(options =>
        {
            options.Profile = "mock-auth-backend";
            options.Routes.Add(new MockRoute("/x/*") { Roles = ["a"] });
        }));
        Assert.Equal("The profile 'mock-auth-backend' takes the path and the role of a route and answers as its original does, but '/x' says more.", await RefusalAsync(options =>
        {
            options.Profile = "mock-auth-backend";
            options.Routes.Add(new MockRoute("/x") { Roles = ["a"], Methods = ["POST"] });
        }));
        Assert.Equal("--bug-compatible keeps the bugs of a profile's original: name one with --profile.", await RefusalAsync(options => options.IsBugCompatible = true));
    }

    [Fact]
    public async Task Start_RefusesABadPath_GivenInCode() =>
        Assert.Equal("The path 'api' must begin with a slash.", await RefusalAsync(options => options.Routes.Add(new MockRoute("api"))));

    private static async Task<string> RefusalAsync(Action<MockOptions> configure) => (await Assert.ThrowsAsync<MockOptionsException>(() => SymbolonMockFactory.StartAsync(configure))).Message;
}
