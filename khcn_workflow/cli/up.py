"""`khcn up`: server, worker and deployments of one machine, until Ctrl-C."""

import click

from khcn_workflow.bootstrap import start
from khcn_workflow.cli.local_prefect import LocalPrefect, free_port


@click.command("up")
@click.option("--port", type=int, default=4200, show_default=True, help="Cổng; 0: cổng trống.")
def up_command(port: int) -> None:
    """Chạy Prefect trên máy này đến khi bấm Ctrl-C."""
    settings = start().settings
    with LocalPrefect(settings, port or free_port()) as prefect:
        click.echo("Đang khởi động máy chủ Prefect…")
        prefect.start_server()
        click.echo("Đang triển khai các luồng…")
        prefect.deploy()
        prefect.start_worker()
        prefect.run_deployment("Đối soát")
        click.echo(f"Sẵn sàng. Giao diện: {prefect.address}  (Ctrl-C để dừng)")
        click.echo(f"Việc đang chờ: {prefect.address}/v2/runs?state=Suspended")
        prefect.stay()
        click.echo("\nĐang dừng…")
    click.echo("Đã dừng.")
