using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Symbolon.Browser;

/// <summary>The refresh token is in the cookie jar alone; the access token is in memory alone.</summary>
public sealed class SecrecyTests(Chromium chromium) : PageTest(chromium)
{
    /// <summary>All that a script injected into the page could read without calling the server.</summary>
    private const string WhatScriptsSee =
        """
        async () => {
          const seen = new Set();
          const texts = [];
          const walk = (value, depth) => {
            if (typeof value === 'string') return texts.push(value);
            if (value === null || (typeof value !== 'object' && typeof value !== 'function') || depth > 3 || seen.has(value)) return;
            seen.add(value);
            for (const { value: inner } of Object.values(Object.getOwnPropertyDescriptors(value))) walk(inner, depth + 1);
          };
          walk(window, 0);
          for (const key of Object.keys(sessionStorage)) texts.push(key, sessionStorage[key]);
          for (const key of Object.keys(localStorage)) texts.push(key, localStorage[key]);
          texts.push(document.cookie, location.href, document.documentElement.outerHTML, JSON.stringify(history.state), window.name);
          texts.push(JSON.stringify(await indexedDB.databases()), JSON.stringify(await caches.keys()));
          return texts.join('\n');
        }
        """;

    [Fact] public async Task Tokens_AreOutOfReachOfScripts_InTheWholeLifeOfASession()
    {
        var device = await NewDeviceAsync();
        var answers = new List<Task<string>>(); // read at once: a reload forgets them
        device.Context.Response += (_, response) =>
        {
            if (response.Url.Contains("/auth/", StringComparison.Ordinal)) answers.Add(response.TextAsync());
        };
        var tab = await device.OpenTabAsync();
        var refreshTokens = new HashSet<string>();
        var seen = new StringBuilder();

        async Task LookAsync()
        {
            var cookie = (await device.CookieAsync())!;
            Assert.True(cookie is { HttpOnly: true, Path: "/", SameSite: SameSiteAttribute.Strict });
            refreshTokens.Add(cookie.Value);
            seen.AppendLine(await tab.Page.EvaluateAsync<string>(WhatScriptsSee));
        }

        var name = await tab.SignUpAsync();
        await LookAsync();
        await tab["#refresh"].ClickAsync();
        await tab.ExpectGenerationAsync(2);
        await LookAsync();
        await tab.ReloadAsync();
        await tab.ExpectSignedInAsync(name);
        await tab.ExpectCallAsync("200", "accepted");
        await LookAsync();

        var bodies = await Task.WhenAll(answers);
        var accessTokens = bodies.Select(AccessTokenIn).OfType<string>().ToList();
        Assert.Equal(3, refreshTokens.Count);
        Assert.Equal(3, accessTokens.Count);
        Assert.All(refreshTokens, token =>
        {
            Assert.DoesNotContain(token, seen.ToString(), StringComparison.Ordinal);
            Assert.All(bodies, body => Assert.DoesNotContain(token, body, StringComparison.Ordinal));
        });
        Assert.All(accessTokens, token => Assert.DoesNotContain(token, seen.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain("srt_", seen.ToString(), StringComparison.Ordinal);
    }

    private static string? AccessTokenIn(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("access_token", out var token) ? token.GetString() : null;
    }
}
