namespace Symbolon.Client;

/// <summary>Names that the client uses.</summary>
internal static class SymbolonClientDefaults
{
    /// <summary>Name of the <see cref="HttpClient"/> that talks to the authority.</summary>
    public const string HttpClientName = "Symbolon";
}
