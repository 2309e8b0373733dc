namespace Symbolon.Mock;

/// <summary>Names and addresses of the mock.</summary>
internal static class MockDefaults
{
    /// <summary>Where it listens unless told otherwise.</summary>
    public const string Url = "http://localhost:5081";

    /// <summary>Where its control calls and its panel stand.</summary>
    public const string ControlPath = "/__mock";

    /// <summary>The client of a service that follows the revocation log and introspects.</summary>
    public const string VerifierClient = "verifier";

    /// <summary>Its secret.</summary>
    public const string VerifierSecret = "verifier-secret";
}
