using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;

namespace Symbolon.Authority.Endpoints;

/// <summary>Signing keys, for administrators.</summary>
internal static class AdminKeyEndpoints
{
    public static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/keys", List).WithSummary("The signing keys and what each may do.")
            .Produces<KeyListResponse>().Problems(401, 403, 503);
        admin.MapPost("/keys/rotate", Rotate).WithSummary("Announces a new signing key; it signs once verifiers know it. Does nothing while one is announced.")
            .Produces<KeyListResponse>().Problems(401, 403, 503);
        admin.MapDelete("/keys/{kid}", Remove).WithSummary("Removes a signing key at once, in an emergency: all it signed counts no more. With wait: a receipt.")
            .Produces(StatusCodes.Status204NoContent).WithReceipt().Problems(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> List(HttpContext http, IKeyStore store, KeyRing ring) =>
        Json.Of(KeyListResponse.Of(await store.LoadAsync(http.RequestAborted), ring.Policy));

    private static async Task<IResult> Rotate(HttpContext http, RotateSigningKeys rotate, KeyRing ring) =>
        Json.Of(KeyListResponse.Of(await rotate.RunAsync(By(http), http.RequestAborted), ring.Policy));

    private static async Task<IResult> Remove(string kid, HttpContext http, RotateSigningKeys rotate) =>
        await rotate.RemoveAsync(kid, By(http), http.RequestAborted) ? Results.NoContent() : Problems.NotFound;

    private static string By(HttpContext http) => LiveSession.Of(http).Account.Id.Value;
}
