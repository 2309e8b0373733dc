using Microsoft.AspNetCore.Http;
using Symbolon.Sessions;

namespace Symbolon.Authority.Endpoints;

/// <summary>The header <c>Symbolon-Attempt</c>: 128 random bits that let the client that made a rotation ask again after a lost response.</summary>
/// <remarks>DESIGN §4.1. Not <c>Idempotency-Key</c>: gateways log and cache by that.</remarks>
internal static class AttemptId
{
    public const string Header = "Symbolon-Attempt";

    public const string Rule = "The header Symbolon-Attempt must be 22 to 128 characters of A-Z a-z 0-9 _ -, and come once.";

    /// <summary>Its hash, or null when there is none. False: it is malformed.</summary>
    public static bool TryRead(HttpRequest request, out Bytes16? hash)
    {
        hash = null;
        if (request.Headers[Header] is not { Count: > 0 } values) return true;
        if (values.Count != 1 || values[0] is not { Length: >= 22 and <= 128 } value || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) return false;
        hash = Bytes16.HashOf(value);
        return true;
    }
}
