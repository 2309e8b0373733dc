namespace Symbolon.Browser;

/// <summary>A test that goes through the page. In the end no tab may have complained of anything that the test did not expect.</summary>
public abstract class PageTest(Chromium chromium) : IAsyncDisposable
{
    private readonly List<Device> devices = [];

    protected Chromium Chromium { get; } = chromium;

    protected virtual Authority Authority => Chromium.Ordinary;

    /// <summary>Another browser, with a cookie jar and a storage of its own.</summary>
    protected async Task<Device> NewDeviceAsync(Look? look = null, Uri? address = null)
    {
        var device = await Device.OpenAsync(Chromium, Authority, look ?? Look.Default, address ?? Authority.Address);
        devices.Add(device);
        return device;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var device in devices) await device.DisposeAsync();
        Assert.Empty(devices.SelectMany(device => device.Complaints));
    }
}
