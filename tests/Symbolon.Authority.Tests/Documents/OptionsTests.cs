using Microsoft.Extensions.Options;
using Symbolon.Authority.Tests.Support;
using Symbolon.Server.Hosting;

namespace Symbolon.Authority.Tests.Documents;

/// <summary>A wrong setting stops the start with a message that names its key and says what to write.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("Symbolon:Issuer", "", "https://auth.example")]
    [InlineData("Symbolon:Issuer", "http://auth.example", "https://")]
    [InlineData("Symbolon:Issuer", "https://auth.example/", "slash")]
    [InlineData("Symbolon:Issuer", "https://auth.example?x=1", "query")]
    [InlineData("Symbolon:Issuer", "nonsense", "https://auth.example")]
    [InlineData("Symbolon:Audience", "", "for example api")]
    [InlineData("Symbolon:DefaultClient", "nobody", "Symbolon:Clients")]
    [InlineData("Symbolon:MasterKeys:0:Id", "256", "0 to 255")]
    [InlineData("Symbolon:MasterKeys:0:Id", "-1", "0 to 255")]
    [InlineData("Symbolon:MasterKeys:0:Value", "", "Value or File")]
    [InlineData("Symbolon:MasterKeys:0:Value", "c2hvcnQ=", "openssl rand -base64 32")]
    [InlineData("Symbolon:MasterKeys:0:Value", "not base64!", "openssl rand -base64 32")]
    [InlineData("Symbolon:AccessToken:Lifetime", "00:00:01", "00:00:30")]
    [InlineData("Symbolon:AccessToken:Lifetime", "02:00:00", "01:00:00")]
    [InlineData("Symbolon:AccessToken:Jitter", "0.9", "0.5")]
    [InlineData("Symbolon:AccessToken:Jitter", "NaN", "0.5")]
    [InlineData("Symbolon:Refresh:Overlap", "2.00:00:00", "UntilUsed")]
    [InlineData("Symbolon:Refresh:Overlap", "-00:00:01", "UntilUsed")]
    [InlineData("Symbolon:Refresh:Settle", "00:02:00", "00:01:00")]
    [InlineData("Symbolon:Session:Inactivity", "00:00:01", "00:01:00")]
    [InlineData("Symbolon:Session:Absolute", "00:00:01", "00:01:00")]
    [InlineData("Symbolon:Session:Limit", "0", "1")]
    [InlineData("Symbolon:Session:Streams", "0", "100000")]
    [InlineData("Symbolon:Accounts:MaxFailures", "0", "at least 1")]
    [InlineData("Symbolon:Accounts:LockFor", "00:00:00", "00:00:01")]
    [InlineData("Symbolon:Accounts:LoginsPerMinute", "0", "at least 1")]
    [InlineData("Symbolon:Accounts:RegistrationsPerMinute", "-5", "at least 1")]
    [InlineData("Symbolon:Accounts:ConcurrentHashes", "-1", "negative")]
    [InlineData("Symbolon:Accounts:QueuedHashes", "-1", "negative")]
    [InlineData("Symbolon:SigningKeys:PollEvery", "00:02:00", "00:01:00")]
    [InlineData("Symbolon:SigningKeys:SignFor", "00:00:01", "01:00:00")]
    [InlineData("Symbolon:Retention:EndedSessions", "00:00:01", "02:00:00")]
    [InlineData("Symbolon:Cors:Origins:0", "*", "https://app.example")]
    [InlineData("Symbolon:Cors:Origins:0", "https://app.example/", "https://app.example")]
    [InlineData("Symbolon:Cors:Origins:0", "https://APP.example", "lower case")]
    [InlineData("Symbolon:Cors:Origins:0", "null", "https://app.example")]
    [InlineData("Symbolon:Clients:0:Secret", "secret", "SecretHash")]
    [InlineData("Symbolon:Clients:0:SecretHash", "abc", "64")]
    [InlineData("Symbolon:Clients:0:Overlap", "2.00:00:00", "UntilUsed")]
    public async Task Start_IsRefused_WhenASettingIsWrong(string key, string value, string says)
    {
        var settings = new List<(string, string)> { (key, value) };
        if (key.StartsWith("Symbolon:Clients:0", StringComparison.Ordinal)) settings.Add(("Symbolon:Clients:0:Id", "backend"));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServer.StartAsync(settings));

        Assert.Contains(refused.Failures, failure => failure.Contains(key.Split(":Value")[0].Replace(":Origins:0", ":Origins", StringComparison.Ordinal), StringComparison.Ordinal)
            && failure.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Symbolon:Storage:Provider", "oracle", "sqlite")]
    [InlineData("Symbolon:Proxies:0", "everyone", "10.0.0.0/8")]
    [InlineData("urls", "http://0.0.0.0:0", "Symbolon:Proxies")]
    [InlineData("Symbolon:Admin:Password", "short", "Symbolon:Admin:Password")]
    [InlineData("Symbolon:Admin:UserName", "a b", "Symbolon:Admin:UserName")]
    public async Task Start_IsRefused_WhenTheServersOwnSettingIsWrong(string key, string value, string says)
    {
        var refused = await Assert.ThrowsAsync<ServerStartException>(() => TestServer.StartAsync([(key, value)]));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Symbolon:AccessToken:Lifetime", "soon")]
    [InlineData("Symbolon:AccessToken:Algorithm", "none")]
    [InlineData("Symbolon:Refresh:Overlap", "sometimes")]
    [InlineData("Symbolon:Session:Limit", "many")]
    public async Task Start_IsRefused_WhenAValueCannotBeRead(string key, string value)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => TestServer.StartAsync([(key, value)]));

        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }
}
