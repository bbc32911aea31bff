/*
 * Reads a book as JDBC tools do: lists the views of a schema by DatabaseMetaData, and reads those named
 * with the getter of each column's type. Prints what test/clients/compare.py reads; fails at a type that
 * it has no getter for.
 *   java -cp postgresql.jar Read.java SCHEMA VIEW...     connection by PGHOST, PGPORT, PGUSER, ...
 */
import java.sql.*;
import java.util.*;

public class Read {
	static String text(String s) {
		if (s == null)
			return "null";
		StringBuilder out = new StringBuilder("\"");
		for (char c : s.toCharArray())
			if (c == '"' || c == '\\')
				out.append('\\').append(c);
			else if (c < ' ')
				out.append(String.format("\\u%04x", (int) c));
			else
				out.append(c);
		return out.append('"').toString();
	}

	static String value(ResultSet row, int i, int type) throws SQLException {
		String out;
		switch (type) {
			case Types.VARCHAR:
				return text(row.getString(i));
			case Types.INTEGER:
				out = Integer.toString(row.getInt(i));
				break;
			case Types.DOUBLE:
				out = Double.toString(row.getDouble(i));
				break;
			case Types.BIT:
				out = Boolean.toString(row.getBoolean(i));
				break;
			case Types.DATE:
				return text(row.getDate(i) == null ? null : row.getDate(i).toString());
			case Types.TIMESTAMP:
				Timestamp at = row.getTimestamp(i);
				return at == null ? "null" : Long.toString(at.getTime());
			default:
				throw new SQLException("column " + row.getMetaData().getColumnName(i) + " has type "
					+ row.getMetaData().getColumnTypeName(i) + ", for which there is no getter");
		}
		return row.wasNull() ? "null" : out;
	}

	public static void main(String[] args) throws Exception {
		Map<String, String> env = System.getenv();
		String url = "jdbc:postgresql://" + env.get("PGHOST") + ":" + env.get("PGPORT") + "/" + env.get("PGDATABASE");
		String schema = args[0];

		TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
		try (Connection connection = DriverManager.getConnection(url, env.get("PGUSER"), env.get("PGPASSWORD"))) {
			DatabaseMetaData meta = connection.getMetaData();
			try (ResultSet views = meta.getTables(null, schema, "%", new String[] {"VIEW"})) {
				while (views.next())
					System.out.printf("{\"view\": %s, \"comment\": %s}%n", text(views.getString("TABLE_NAME")),
						text(views.getString("REMARKS")));
			}
			for (String view : Arrays.asList(args).subList(1, args.length)) {
				try (ResultSet columns = meta.getColumns(null, schema, view, "%")) {
					while (columns.next())
						System.out.printf("{\"view\": %s, \"column\": %s, \"type\": %s, \"comment\": %s}%n", text(view),
							text(columns.getString("COLUMN_NAME")), text(columns.getString("TYPE_NAME")),
							text(columns.getString("REMARKS")));
				}
				try (Statement statement = connection.createStatement();
						ResultSet row = statement.executeQuery(
							"SELECT v.* FROM " + schema + "." + view + " AS v ORDER BY v::text COLLATE \"C\"")) {
					while (row.next()) {
						List<String> values = new ArrayList<>();
						for (int i = 1; i <= row.getMetaData().getColumnCount(); i++)
							values.add(value(row, i, row.getMetaData().getColumnType(i)));
						System.out.printf("{\"view\": %s, \"row\": [%s]}%n", text(view), String.join(", ", values));
					}
				}
			}
		}
	}
}
