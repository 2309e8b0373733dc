namespace Symbolon.Mock;

/// <summary>Starts mocks for tests of clients and front ends.</summary>
public static class SymbolonMockFactory
{
    private const int Tries = 10;

    /// <summary>Starts one, on a free loopback port unless <see cref="MockOptions.Urls"/> says where.</summary>
    /// <param name="configure">Sets options; all have defaults.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="MockOptionsException">An option or a file is wrong; the message says what was expected.</exception>
    /// <exception cref="IOException">The address is taken, or cannot be had.</exception>
    public static async Task<SymbolonMock> StartAsync(Action<MockOptions>? configure = null, CancellationToken ct = default)
    {
        for (var tries = 1; ; tries++)
        {
            var options = new MockOptions();
            configure?.Invoke(options);
            var isAnyPort = options.Urls.Count == 0;
            if (isAnyPort) options.Urls.Add($"http://localhost:{Hosting.Listener.FreePort()}");
            try
            {
                return await SymbolonMock.StartAsync(options, logging: null, ct);
            }
            catch (IOException) when (isAnyPort && tries < Tries)
            {
                // The port was free a moment ago, and is another's by now.
            }
        }
    }
}
