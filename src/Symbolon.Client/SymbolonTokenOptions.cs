using Microsoft.Extensions.Options;
using Symbolon.Client.Http;

namespace Symbolon.Client;

/// <summary>How an <see cref="HttpClient"/> uses the session's token. Checked at start.</summary>
public sealed class SymbolonTokenOptions
{
    /// <summary>Where the token may go, besides the authority itself: <c>api.example</c> (https, port 443), <c>api.example:8443</c>, or a whole origin such as <c>http://localhost:5090</c>. Requests to other hosts carry none.</summary>
    public ISet<string> AllowedHosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Bodies up to this many bytes are kept while they are sent, so that they can be sent again after a 401. Default 1 MiB; 0 to 64 MiB.</summary>
    public int MaxReplay { get; set; } = 1024 * 1024;

    /// <summary>Whose session a request uses, for programs with many users: asked for each request, after <see cref="SymbolonRequest.SessionKey"/>. Where it answers <see langword="null"/>, the request is nobody's and carries no token. Without it: the program's only session.</summary>
    public Func<HttpRequestMessage, string?>? SessionKey { get; set; }
}

/// <summary>Checks the options; each message says what to write.</summary>
internal sealed class SymbolonTokenOptionsValidation : IValidateOptions<SymbolonTokenOptions>
{
    private const int Most = 64 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, SymbolonTokenOptions options)
    {
        var problems = options.AllowedHosts.Select(AllowedHosts.Problem).OfType<string>().ToList();
        if (options.MaxReplay is < 0 or > Most) problems.Add("MaxReplay must be between 0 and 67108864; 1048576 is the default.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.Select(problem => $"Symbolon.Client: {problem}"));
    }
}
