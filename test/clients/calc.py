"""A sheet of materialized_offsets with a chart of it, made by LibreOffice Calc through its PostgreSQL driver.

Prints the sheet as CSV with the columns' names; writes the document as PDF; fails at a column of a type
that has no cell of its own, or at text where a number is to be charted.
    calc.py SCHEMA PDF      connection by PGHOST, PGPORT, PGUSER, ...; soffice listens on pipe CALC_PIPE
"""
import csv
import os
import sys
import time

import uno
from com.sun.star.awt import Rectangle
from com.sun.star.beans import PropertyValue
from com.sun.star.table import CellRangeAddress

NUMBER = {4, 8}             # com.sun.star.sdbc.DataType: INTEGER, DOUBLE
TEXT = {-1, 12, 91, 93}     # LONGVARCHAR, VARCHAR, DATE, TIMESTAMP


def connect(pipe):
    """The desktop of a soffice that may still be starting."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext('com.sun.star.bridge.UnoUrlResolver', local)
    for _ in range(240):
        try:
            return resolver.resolve(f'uno:pipe,name={pipe};urp;StarOffice.ComponentContext')
        except Exception:
            time.sleep(0.25)
    sys.exit('LibreOffice did not start')


def value(name, content):
    return PropertyValue(Name=name, Value=content)


def main(schema, pdf):
    env = os.environ
    context = connect(env['CALC_PIPE'])
    manager = context.ServiceManager
    desktop = manager.createInstanceWithContext('com.sun.star.frame.Desktop', context)
    drivers = manager.createInstanceWithContext('com.sun.star.sdbc.DriverManager', context)
    connection = drivers.getConnectionWithInfo(
        f"sdbc:postgresql:host={env['PGHOST']} port={env['PGPORT']} dbname={env['PGDATABASE']}",
        (value('user', env['PGUSER']), value('password', env['PGPASSWORD'])))
    tables = connection.getMetaData().getTables(None, schema, '%', ('VIEW',))
    listed = []
    while tables.next():
        listed.append(tables.getString(3))
    if 'materialized_offsets' not in listed:
        sys.exit(f'LibreOffice lists the views {listed}')

    rows = connection.createStatement().executeQuery(
        f'SELECT portfolio, asset_a, asset_b, correlation, risk_offset, net_risk, observations, price_time '
        f'FROM {schema}.materialized_offsets ORDER BY risk_offset DESC')
    columns = rows.getMetaData()
    count = columns.getColumnCount()
    kinds = [columns.getColumnType(i + 1) for i in range(count)]
    for i, kind in enumerate(kinds):
        if kind not in (NUMBER if 3 <= i < 7 else TEXT):
            sys.exit(f'column {columns.getColumnName(i + 1)} has type {columns.getColumnTypeName(i + 1)} ({kind})')
    document = desktop.loadComponentFromURL('private:factory/scalc', '_blank', 0, (value('Hidden', True),))
    sheet = document.Sheets.getByIndex(0)
    for i in range(count):
        sheet.getCellByPosition(i, 0).String = columns.getColumnName(i + 1)
    n = 0
    while rows.next():
        n += 1
        for i in range(count):
            cell = sheet.getCellByPosition(i, n)
            if kinds[i] in NUMBER:
                cell.Value = rows.getDouble(i + 1)
            else:
                cell.String = rows.getString(i + 1)
    ranges = (CellRangeAddress(0, 2, 0, 2, n), CellRangeAddress(0, 4, 0, 4, n))
    sheet.Charts.addNewByName('offsets', Rectangle(500, 4000, 16000, 9000), ranges, True, True)
    chart = sheet.Charts.getByName('offsets').EmbeddedObject
    chart.HasMainTitle = True
    chart.Title.String = 'risk_offset by pair'
    out = csv.writer(sys.stdout)
    for r in range(n + 1):
        out.writerow([sheet.getCellByPosition(i, r).Value if r and kinds[i] in NUMBER
                      else sheet.getCellByPosition(i, r).String for i in range(count)])
    document.storeToURL('file://' + os.path.abspath(pdf), (value('FilterName', 'calc_pdf_Export'),))
    document.close(True)


main(*sys.argv[1:])
