using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Mock.Control;

namespace Symbolon.Mock.Tests.Control;

/// <summary>Callers from elsewhere, whom a test on one machine cannot be.</summary>
public class ControlGuardTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("192.168.1.7", false)]
    [InlineData("::ffff:192.168.1.7", false)]
    [InlineData(null, false)]
    public async Task Control_IsForLoopbackAddresses(string? address, bool passes)
    {
        var passed = false;
        var guard = new ControlGuard(_ =>
        {
            passed = true;
            return Task.CompletedTask;
        });
        var http = new DefaultHttpContext { RequestServices = new ServiceCollection().BuildServiceProvider() };
        (http.Request.Method, http.Request.Path, http.Request.Host) = ("GET", "/__mock/state", new HostString("localhost", 5081));
        http.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        await guard.InvokeAsync(http);
        Assert.Equal((passes, passes ? 200 : 403), (passed, http.Response.StatusCode));
    }
}
