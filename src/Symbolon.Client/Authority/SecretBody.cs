using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Symbolon.Client.Authority;

/// <summary>A body that holds a password or a token. It is written to the address it was made for and to no other, also when a handler below follows a redirect with it.</summary>
internal sealed class SecretBody : HttpContent
{
    private readonly HttpRequestMessage request;
    private readonly Uri address;
    private readonly byte[] json;

    private SecretBody(HttpRequestMessage request, byte[] json)
    {
        (this.request, address, this.json) = (request, request.RequestUri!, json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>Gives a request its body.</summary>
    public static HttpRequestMessage PutInto<T>(HttpRequestMessage request, T body, JsonTypeInfo<T> type)
    {
        request.Content = new SecretBody(request, JsonSerializer.SerializeToUtf8Bytes(body, type));
        return request;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        request.RequestUri == address ? stream.WriteAsync(json).AsTask() : throw new HttpRequestException("it redirects, and a password or a token goes nowhere else.");

    protected override bool TryComputeLength(out long length)
    {
        length = json.Length;
        return true;
    }
}
