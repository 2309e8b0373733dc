using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace Symbolon.Gateway.Requests;

/// <summary>Where the method and path of the request that is to be judged are read. One place only: what stands in the others is the client's word.</summary>
internal enum OriginalSource
{
    /// <summary><c>X-Forwarded-Method</c>, <c>X-Forwarded-Uri</c>: Caddy, Traefik, the nginx sample.</summary>
    Forwarded,

    /// <summary><c>X-Original-Method</c>, <c>X-Original-URI</c>: common in nginx configurations.</summary>
    Original,

    /// <summary>The subrequest's own method, and its path after <c>/verify</c>: Envoy.</summary>
    Request,
}

/// <summary>The request that a proxy asks about.</summary>
/// <param name="Method">Its method, in capitals.</param>
/// <param name="Path">Its path, normalised.</param>
internal readonly record struct OriginalRequest(string Method, string Path)
{
    private const int MaxMethodLength = 32;

    /// <summary>Takes method and path as the proxy named them: each exactly once and well-formed. Pure.</summary>
    /// <param name="methods">Every value of the method's header.</param>
    /// <param name="targets">Every value of the path's header.</param>
    /// <param name="original">The request.</param>
    /// <returns>False when it cannot be known what is asked about; then nobody passes.</returns>
    public static bool TryRead(StringValues methods, StringValues targets, out OriginalRequest original)
    {
        original = default;
        if (methods.Count != 1 || targets.Count != 1 || !IsMethod(methods[0]) || !PathNormalization.TryNormalize(targets[0] ?? "", out var path)) return false;
        original = new OriginalRequest(methods[0]!, path);
        return true;
    }

    /// <summary>Capitals and hyphens. Methods have case, but some servers run <c>get</c> as <c>GET</c>.</summary>
    public static bool IsMethod([NotNullWhen(true)] string? method) =>
        method is { Length: > 0 and <= MaxMethodLength } && method.All(c => char.IsAsciiLetterUpper(c) || c == '-');
}
