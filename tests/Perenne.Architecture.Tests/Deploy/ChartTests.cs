using Perenne.TestSupport;

namespace Perenne.Architecture.Tests.Deploy;

/// <summary>The Helm chart rendered: valid YAML, objects that find each other, settings that exist.</summary>
public class ChartTests
{
    private static string Folder => Path.Combine(SharedData.RepositoryRoot, "deploy", "helm", "perenne");

    [Fact]
    public void By_default_it_makes_a_deployment_a_service_an_ingress_a_budget_and_an_account()
    {
        List<Dictionary<string, object?>> objects = Render();
        Assert.Equal(["Deployment", "Ingress", "PodDisruptionBudget", "Service", "ServiceAccount"], objects.Select(o => (string)o["kind"]!).Order());
        Assert.All(objects, o => Assert.Equal("plant", At(o, "metadata.labels", "app.kubernetes.io/instance")));
        Assert.Equal("perenne/hub-trainer:0.1.0", At(Hub(objects), "image"));
    }

    [Fact]
    public void Service_budget_and_deployment_choose_the_pods_that_the_deployment_makes()
    {
        List<Dictionary<string, object?>> objects = Render();
        Dictionary<string, object?> deployment = Of(objects, "Deployment");
        string pod = ChartValues.Write(At(deployment, "spec.template.metadata.labels"));
        Assert.Equal(pod, ChartValues.Write(At(deployment, "spec.selector.matchLabels")));
        Assert.Equal(pod, ChartValues.Write(At(Of(objects, "Service"), "spec.selector")));
        Assert.Equal(pod, ChartValues.Write(At(Of(objects, "PodDisruptionBudget"), "spec.selector.matchLabels")));
        Assert.Equal(At(Of(objects, "ServiceAccount"), "metadata.name"), At(deployment, "spec.template.spec.serviceAccountName"));
        Assert.Equal(At(Of(objects, "Service"), "metadata.name"), At((Dictionary<string, object?>)First(First(Of(objects, "Ingress"), "spec.rules"), "http.paths"), "backend.service.name"));
    }

    [Fact]
    public void Its_environment_is_settings_of_the_hub_and_secrets_come_from_secrets()
    {
        List<Dictionary<string, object?>> objects = Render(values =>
        {
            ((Dictionary<string, object?>)values["settings"]!)["Hub:Smtp:Host"] = "mail.example.org";
            ((Dictionary<string, object?>)values["blobs"]!)["endpoint"] = "https://s3.example.org";
        });
        Dictionary<string, Dictionary<string, object?>> environment = ((List<object?>)Hub(objects)["env"]!).Cast<Dictionary<string, object?>>().ToDictionary(e => (string)e["name"]!);
        HashSet<string> known = [.. DeployTests.Settings("HUB", "Perenne.Hub.Shared.HubOptions"), .. DeployTests.Settings("HUB__HOSTING", "Perenne.Hub.Shared.Hosting.HostingOptions")];
        var unknown = environment.Keys.Where(name => !known.Contains(name["PERENNE_".Length..].TrimEnd('0').TrimEnd('_'))).ToList();
        Assert.Empty(unknown);
        Assert.Equal("mail.example.org", environment["PERENNE_HUB__SMTP__HOST"]["value"]);
        Assert.Equal("https://s3.example.org", environment["PERENNE_HUB__BLOBS__ENDPOINT"]["value"]);
        Assert.Equal("10.0.0.0/8", environment["PERENNE_HUB__HOSTING__PROXIES__0"]["value"]);
        Assert.All(environment.Where(e => e.Key.Contains("KEY", StringComparison.Ordinal) || e.Key.Contains("CONNECTIONSTRING", StringComparison.Ordinal)), e => Assert.False(e.Value.ContainsKey("value")));
    }

    [Fact]
    public void Everything_chosen_otherwise_it_renders_too()
    {
        List<Dictionary<string, object?>> objects = Render(values =>
        {
            values["pullSecrets"] = new List<object?> { "pull" };
            values["environmentSecrets"] = new List<object?> { "mail" };
            values["nodeSelector"] = new Dictionary<string, object?> { ["disk"] = "fast" };
            values["tolerations"] = new List<object?> { new Dictionary<string, object?> { ["key"] = "plant", ["operator"] = "Exists" } };
            values["jobs"] = new Dictionary<string, object?> { ["claim"] = "perenne-jobs", ["kubernetes"] = true };
            ((Dictionary<string, object?>)values["ingress"]!)["enabled"] = false;
            ((Dictionary<string, object?>)values["blobs"]!)["secret"] = "";
        });
        Assert.Equal(["Deployment", "PodDisruptionBudget", "Role", "RoleBinding", "Service", "ServiceAccount"], objects.Select(o => (string)o["kind"]!).Order());
        Assert.Equal("fast", At(Of(objects, "Deployment"), "spec.template.spec.nodeSelector.disk"));
        Assert.Equal("perenne-jobs", ((List<object?>)At(Of(objects, "Deployment"), "spec.template.spec.volumes")!).Cast<Dictionary<string, object?>>().Select(v => v.ContainsKey("persistentVolumeClaim") ? At(v, "persistentVolumeClaim.claimName") : null).Last());
        Assert.Equal(At(Of(objects, "Role"), "metadata.name"), At(Of(objects, "RoleBinding"), "roleRef.name"));
        Assert.DoesNotContain(((List<object?>)Hub(objects)["env"]!).Cast<Dictionary<string, object?>>(), e => (string)e["name"]! == "PERENNE_HUB__BLOBS__SECRETKEY");
    }

    [Fact]
    public void Ports_that_probes_and_services_name_are_the_containers()
    {
        List<Dictionary<string, object?>> objects = Render();
        Dictionary<string, object?> hub = Hub(objects);
        object? port = ((Dictionary<string, object?>)((List<object?>)hub["ports"]!)[0]!)["name"];
        Assert.All((string[])["startupProbe", "readinessProbe", "livenessProbe"], probe => Assert.Equal(port, At(hub, $"{probe}.httpGet.port")));
        Assert.Equal(port, First(Of(objects, "Service"), "spec.ports")["targetPort"]);
        HashSet<object?> volumes = [.. ((List<object?>)At(Of(objects, "Deployment"), "spec.template.spec.volumes")!).Select(v => ((Dictionary<string, object?>)v!)["name"])];
        Assert.All((List<object?>)hub["volumeMounts"]!, mount => Assert.Contains(((Dictionary<string, object?>)mount!)["name"], volumes));
    }

    private static List<Dictionary<string, object?>> Render(Action<Dictionary<string, object?>>? change = null)
    {
        Dictionary<string, object?> values = ChartValues.Read(File.ReadAllText(Path.Combine(Folder, "values.yaml"))), chart = ChartValues.Read(File.ReadAllText(Path.Combine(Folder, "Chart.yaml")));
        change?.Invoke(values);
        ChartText text = new(new()
        {
            ["Values"] = values,
            ["Chart"] = new Dictionary<string, object?> { ["AppVersion"] = chart["appVersion"] },
            ["Release"] = new Dictionary<string, object?> { ["Name"] = "plant", ["Namespace"] = "quality" },
        });
        string templates = Path.Combine(Folder, "templates");
        text.Define(File.ReadAllText(Path.Combine(templates, "_names.tpl")));
        _ = text.Render(File.ReadAllText(Path.Combine(templates, "NOTES.txt")));
        return [.. Directory.GetFiles(templates, "*.yaml").Order(StringComparer.Ordinal).SelectMany(file => ChartValues.ReadAll(text.Render(File.ReadAllText(file)))).OfType<Dictionary<string, object?>>()];
    }

    private static Dictionary<string, object?> Of(List<Dictionary<string, object?>> objects, string kind) => objects.Single(o => (string)o["kind"]! == kind);

    private static Dictionary<string, object?> Hub(List<Dictionary<string, object?>> objects) => First(Of(objects, "Deployment"), "spec.template.spec.containers");

    private static Dictionary<string, object?> First(Dictionary<string, object?> of, string path) => (Dictionary<string, object?>)((List<object?>)At(of, path)!)[0]!;

    private static object? At(Dictionary<string, object?> of, string path, string? key = null)
    {
        object? at = path.Split('.').Aggregate((object?)of, (node, name) => ((Dictionary<string, object?>)node!)[name]);
        return key is null ? at : ((Dictionary<string, object?>)at!)[key];
    }
}
