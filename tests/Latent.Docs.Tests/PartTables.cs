using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Latent.Analysis;
using Latent.Engine;
using Latent.Networks;
using Latent.Training;

namespace Latent.Docs.Tests;

/// <summary>
/// Tables of the parts of one kind (optimizers, layers, callbacks), made of the public classes of an assembly: each with its options, their
/// defaults and the summary of its documentation. A part that is added stands in the table without anybody writing it there.
/// </summary>
internal static partial class PartTables
{
    private static readonly Dictionary<Assembly, Dictionary<string, XElement>> s_documentation = [];

    /// <summary>The table of all classes that derive from a type.</summary>
    /// <param name="of">The type.</param>
    /// <param name="shared">Options that all have and that the text around the table tells of.</param>
    public static string Of(Type of, params string[] shared) => Of(Classes(of), shared);

    /// <summary>The table of some classes.</summary>
    public static string Of(IEnumerable<Type> types, params string[] shared)
    {
        var rows = types.Select(type => $"| `{type.Name}` | {Options(type, shared)} | {Summary($"T:{type.FullName}", type.Assembly)} |");
        return $"| class | options and defaults | what it does |\n| --- | --- | --- |\n{string.Join('\n', rows)}\n";
    }

    /// <summary>The table of some methods or properties that give a number or a value.</summary>
    public static string Of(string title, IEnumerable<MemberInfo> members)
    {
        var rows = members.Select(member => $"| `{Named(member)}` | {Summary(DocumentationOf(member), member.Module.Assembly)} |");
        return $"| {title} | what it is |\n| --- | --- |\n{string.Join('\n', rows)}\n";
    }

    /// <summary>The classes of a kind that can be used as they are, by name.</summary>
    public static IEnumerable<Type> Classes(Type of) =>
        of
            .Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(of) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>The activation functions, as properties and methods of their class.</summary>
    public static IEnumerable<MemberInfo> Activations { get; } =
    [
        .. typeof(Activation)
            .GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member =>
                member is PropertyInfo { PropertyType: var type } && type == typeof(Activation)
                || member is MethodInfo { ReturnType: var result, IsSpecialName: false } && result == typeof(Activation)
            )
            .OrderBy(member => member.Name, StringComparer.Ordinal),
    ];

    /// <summary>The functions that say how good a model is.</summary>
    public static IEnumerable<MemberInfo> Metrics { get; } =
    [
        .. ((Type[])[typeof(ImageMetrics), typeof(StructuralSimilarity), typeof(Ranking)]).SelectMany(type =>
            type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        ),
    ];

    /// <summary>All parts by their names, a row for each kind.</summary>
    public static string Overview()
    {
        (string Kind, IEnumerable<string> Names)[] rows =
        [
            ("layers", Classes(typeof(Layer)).Select(type => type.Name)),
            ("activations", Activations.Select(member => member.Name)),
            ("losses", Classes(typeof(Loss)).Select(type => type.Name)),
            ("optimizers", Classes(typeof(Optimizer)).Select(type => type.Name)),
            ("schedules", Classes(typeof(Schedule)).Select(type => type.Name)),
            ("callbacks", Classes(typeof(Callback)).Select(type => type.Name)),
            ("metrics", Metrics.Select(Named)),
        ];
        var lines = rows.Select(row => $"| {row.Kind} | {string.Join(", ", row.Names.Select(name => $"`{name}`"))} |");
        return $"| kind | names |\n| --- | --- |\n{string.Join('\n', lines)}";
    }

    private static string Named(MemberInfo member) => $"{member.DeclaringType!.Name}.{member.Name}";

    private static string DocumentationOf(MemberInfo member)
    {
        string name = $"{member.DeclaringType!.FullName}.{member.Name}";
        return member is PropertyInfo
            ? $"P:{name}"
            : Documentation(member.Module.Assembly).Keys.Single(key => key.StartsWith($"M:{name}(", StringComparison.Ordinal));
    }

    /// <summary>The table of the options that all classes of a type have.</summary>
    public static string Shared(Type of)
    {
        var rows = Settable(of)
            .Select(property =>
                $"| `{property.Name}` | {Summary($"P:{of.FullName}.{property.Name}", of.Assembly) ?? Parameter(of, property.Name)} |"
            );
        return $"| option | what it does |\n| --- | --- |\n{string.Join('\n', rows)}\n";
    }

    private static string Options(Type type, string[] shared)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var parameters = constructor.GetParameters();
        object sample = constructor.Invoke([.. parameters.Select(p => p.HasDefaultValue ? p.DefaultValue : Empty(p.ParameterType))]);
        string[] words =
        [
            .. parameters.Select(p => p.HasDefaultValue ? $"{p.Name} = {Shown(p.DefaultValue, p.ParameterType)}" : p.Name!),
            .. Settable(type)
                .Where(p => !shared.Contains(p.Name) && !parameters.Any(other => other.Name == p.Name))
                .Select(p => p.GetValue(sample) is { } value and not "" ? $"{p.Name} = {Shown(value, p.PropertyType)}" : p.Name),
        ];
        return words.Length == 0 ? "none" : string.Join(", ", words.Select(word => $"`{word}`"));
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod?.IsPublic == true && property.GetIndexParameters().Length == 0)
            .OrderBy(property => property.MetadataToken);

    private static object? Empty(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private static string Shown(object? value, Type type) =>
        value switch
        {
            null when Nullable.GetUnderlyingType(type) is null && type.IsValueType => "default",
            null => "none",
            bool flag => flag ? "true" : "false",
            Enum => $"{value}",
            TimeSpan time => $"{time.TotalSeconds} s",
            IFormattable number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            _ => $"{value}",
        };

    private static string? Summary(string member, Assembly assembly) =>
        Documentation(assembly).GetValueOrDefault(member)?.Element("summary") is { } summary ? Text(summary) : null;

    /// <summary>What the constructor says of a parameter of this name.</summary>
    private static string Parameter(Type type, string name) =>
        Documentation(type.Assembly)[$"T:{type.FullName}"]
            .Elements("param")
            .Where(p => p.Attribute("name")?.Value == name)
            .Select(Text)
            .FirstOrDefault()
        ?? throw new InvalidOperationException($"{type.Name}.{name} has no documentation.");

    private static string Text(XElement element)
    {
        string text = string.Concat(
            element
                .Nodes()
                .Select(node =>
                    node switch
                    {
                        XText words => words.Value,
                        XElement { Name.LocalName: "see" } see =>
                            $"`{Last(see.Attribute("cref")?.Value ?? see.Attribute("langword")!.Value)}`",
                        XElement { Name.LocalName: "paramref" } reference => $"`{reference.Attribute("name")!.Value}`",
                        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                        _ => throw new InvalidOperationException($"{node} in a documentation has no place in a table."),
                    }
                )
        );
        return Space().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Last(string name)
    {
        string member = name.Split('(')[0]; // a method without its parameters
        return member[(member.LastIndexOfAny(['.', ':']) + 1)..];
    }

    private static Dictionary<string, XElement> Documentation(Assembly assembly)
    {
        lock (s_documentation)
        {
            if (!s_documentation.TryGetValue(assembly, out var members))
                s_documentation[assembly] = members = XDocument
                    .Load(Path.ChangeExtension(assembly.Location, ".xml"))
                    .Descendants("member")
                    .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);
            return members;
        }
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Space();
}
